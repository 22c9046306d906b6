package io.kenbun.client;

import java.util.Locale;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One way to name a lead: a kind and a value, such as an e-mail address. kenbun finds the lead that
 * carries the alias, or creates it.
 *
 * <p>Immutable and safe for use by several threads. The kinds are those of the ingest API.
 */
public final class Alias {
  /** The longest value, in UTF-16 characters. */
  static final int MAX_LENGTH = 512;

  private final String kind;
  private final String value;

  private Alias(String kind, String what, String value) {
    this.kind = kind;
    this.value = Text.identity(what, value, MAX_LENGTH);
  }

  /**
   * An e-mail address, compared by kenbun without regard to case or surrounding blanks.
   *
   * @param value 1 to 512 characters, not blank
   * @throws IllegalArgumentException if {@code value} is blank, too long or not valid Unicode
   */
  public static Alias email(String value) {
    return new Alias("email", "email alias", value);
  }

  /**
   * A phone number, compared by its digits and a leading plus sign.
   *
   * @param value 1 to 512 characters, not blank
   * @throws IllegalArgumentException if {@code value} is blank, too long or not valid Unicode
   */
  public static Alias phone(String value) {
    return new Alias("phone", "phone alias", value);
  }

  /**
   * The value of a cookie that your site keeps in the visitor's browser.
   *
   * @param value 1 to 512 characters, not blank
   * @throws IllegalArgumentException if {@code value} is blank, too long or not valid Unicode
   */
  public static Alias cookie(String value) {
    return new Alias("cookie", "cookie alias", value);
  }

  /**
   * An id of the lead in another system, such as your customer database.
   *
   * @param value 1 to 512 characters, not blank
   * @throws IllegalArgumentException if {@code value} is blank, too long or not valid Unicode
   */
  public static Alias externalId(String value) {
    return new Alias("external_id", "external_id alias", value);
  }

  /**
   * A handle or profile address on a social network.
   *
   * @param value 1 to 512 characters, not blank
   * @throws IllegalArgumentException if {@code value} is blank, too long or not valid Unicode
   */
  public static Alias social(String value) {
    return new Alias("social", "social alias", value);
  }

  /** The kind of a wire name, or null if this version does not know it. */
  static @Nullable Alias of(String kind, String value) {
    switch (kind) {
      case "email":
        return email(value);
      case "phone":
        return phone(value);
      case "cookie":
        return cookie(value);
      case "external_id":
        return externalId(value);
      case "social":
        return social(value);
      default:
        return null;
    }
  }

  /** The kind as the API spells it, such as {@code external_id}. */
  public String kind() {
    return kind;
  }

  /** The value as it was given. */
  public String value() {
    return value;
  }

  /** What is equal for two spellings of one alias; keeps events of one lead in order. */
  String identity() {
    switch (kind) {
      case "email":
        return "email:" + value.trim().toLowerCase(Locale.ROOT);
      case "phone":
        return "phone:" + digits(value);
      default:
        return kind + ":" + value;
    }
  }

  private static String digits(String phone) {
    StringBuilder digits = new StringBuilder(phone.length());
    for (int i = 0; i < phone.length(); i++) {
      char c = phone.charAt(i);
      if ((c >= '0' && c <= '9') || (c == '+' && digits.length() == 0)) {
        digits.append(c);
      }
    }
    return digits.toString();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Alias
        && kind.equals(((Alias) other).kind)
        && value.equals(((Alias) other).value);
  }

  @Override
  public int hashCode() {
    return Objects.hash(kind, value);
  }

  @Override
  public String toString() {
    return kind + ":" + value;
  }
}

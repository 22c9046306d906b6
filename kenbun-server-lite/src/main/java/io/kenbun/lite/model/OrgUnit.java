package io.kenbun.lite.model;

import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * An organizational unit (OU): the walls that everything else stands within.
 *
 * @param key the unit's number inside this server; never sent
 */
public record OrgUnit(
    long key,
    String unitId,
    String orgId,
    String name,
    String slug,
    @Nullable String externalRef,
    boolean isDefault) {

  /**
   * Returns a name in the form of a URL, as {@code EMEA Sales} gives {@code emea-sales} ({@code
   * api.md} 2).
   */
  public static String slug(String name) {
    String slug = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9]+", "-");
    return slug.replaceAll("^-|-$", "");
  }
}

package io.kenbun.lite.store.postgres;

import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.sql.Database;
import java.net.UnknownHostException;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.Properties;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.postgresql.Driver;
import org.postgresql.PGProperty;

/**
 * Where a database of PostgreSQL is, as JDBC writes it, and what goes wrong with it in sentences.
 * None of them, nor {@link #place}, holds a password.
 */
public final class PostgresUrl {
  /** Neither host nor database can be mistaken for a password. */
  private static final Pattern FORM =
      Pattern.compile("(jdbc:postgresql://[^/?@&;=]*/[^/?@&;=]+)(\\?.*)?");

  private static final String CONNECT_SECONDS = "5";
  private static final String SOCKET_SECONDS = "60";

  // So that what a node holds which has vanished from the network is free again within seconds.
  private static final String SESSION =
      "-c tcp_keepalives_idle=5 -c tcp_keepalives_interval=2 -c tcp_keepalives_count=3"
          + " -c tcp_user_timeout=10000 -c idle_in_transaction_session_timeout=60000"
          + " -c jit=off";

  private final String jdbcUrl;
  private final String place;
  private final Properties parsed;

  private PostgresUrl(String jdbcUrl, String place, Properties parsed) {
    this.jdbcUrl = jdbcUrl;
    this.place = place;
    this.parsed = parsed;
  }

  /**
   * Reads it.
   *
   * @throws StorageException when it is none
   */
  public static PostgresUrl of(String text) throws StorageException {
    Matcher form = FORM.matcher(text);
    // First, since the driver logs what it cannot read, with any password in it.
    Properties parsed = form.matches() ? Driver.parseURL(text, null) : null;
    if (parsed == null) {
      throw new StorageException(
          "engine is no jdbc:postgresql://HOST[:PORT]/DATABASE[?user=…&password=…]"
              + (text.indexOf('@') < 0
                  ? ""
                  : "; user and password stand behind the question mark, not before the host"));
    }
    return new PostgresUrl(text, form.group(1), parsed);
  }

  String jdbcUrl() {
    return jdbcUrl;
  }

  /** Returns where it is, without user, password and options. */
  public String place() {
    return place;
  }

  /** Returns what connections are made with, where the URL says nothing else. */
  Properties properties() {
    Properties properties = new Properties();
    suggest(properties, PGProperty.APPLICATION_NAME, "kenbun-server-lite");
    suggest(properties, PGProperty.CONNECT_TIMEOUT, CONNECT_SECONDS);
    suggest(properties, PGProperty.SOCKET_TIMEOUT, SOCKET_SECONDS);
    suggest(properties, PGProperty.TCP_KEEP_ALIVE, "true");
    suggest(properties, PGProperty.REWRITE_BATCHED_INSERTS, "true");
    suggest(properties, PGProperty.OPTIONS, SESSION);
    return properties;
  }

  private void suggest(Properties properties, PGProperty property, String value) {
    if (!jdbcUrl.contains(property.getName() + "=")) {
      properties.setProperty(property.getName(), value);
    }
  }

  /** Opens a connection of its own. */
  public Connection connect() throws SQLException {
    return DriverManager.getConnection(jdbcUrl, properties());
  }

  /** Says what went wrong and what to do. */
  StorageException failure(Exception e) {
    SQLException sql = e instanceof SQLException known ? known : null;
    return new StorageException(
        sentence(sql == null ? null : sql.getSQLState(), e),
        sql == null ? StorageException.Fault.STORAGE : Database.failure(place, sql).fault(),
        e);
  }

  private String sentence(@Nullable String state, Exception e) {
    String code = state == null ? "" : state;
    String said = reason(e);
    return switch (code) {
      case "28P01", "28000" ->
          refusesUser()
              + ": the password is wrong, or pg_hba.conf lets nobody in from here; correct"
              + " user= and password= of --engine";
      case "08004" -> refusesUser() + ": " + said + "; correct user= and password= of --engine";
      case "55P03" ->
          place
              + " is held by something else, such as a backup or a console: "
              + said
              + "; end that and start again";
      case "3D000" ->
          place + " is not there: make it with CREATE DATABASE, or correct the name in --engine";
      case "42501" ->
          place + ": " + said + "; the user must own the schema, or be granted CREATE on it";
      case "25006" -> place + " is read-only, as a standby is; name the primary";
      case "53100" -> place + " has no room left on its disk; make some: " + said;
      case "53300" ->
          place + " has no connection left; raise its max_connections or run fewer nodes: " + said;
      default ->
          code.startsWith("08") || code.startsWith("57P")
              ? place + " cannot be reached: " + said + "; start it, or correct --engine"
              : place + ": " + said;
    };
  }

  private String refusesUser() {
    return place + " refuses the user " + parsed.getProperty("user", "of this process");
  }

  /** Returns what the driver says, or what it and the pool leave out. */
  private static String reason(Exception e) {
    String said = String.valueOf(e.getMessage());
    for (Throwable cause = e.getCause(); cause != null; cause = cause.getCause()) {
      if (cause instanceof UnknownHostException) {
        return "there is no host " + cause.getMessage();
      }
      if (cause instanceof SQLException) { // Of which the pool only says that it has waited.
        said = String.valueOf(cause.getMessage());
      }
    }
    return said.endsWith(".") ? said.substring(0, said.length() - 1) : said;
  }
}

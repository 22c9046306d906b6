package io.kenbun.lite;

import java.io.IOException;
import java.io.InputStream;
import java.util.Properties;

/** The version that the build wrote into the jar. */
final class Version {
  /** Such as {@code 0.1.0-SNAPSHOT}. */
  static final String TEXT = read();

  private Version() {}

  private static String read() {
    Properties properties = new Properties();
    try (InputStream in = Version.class.getResourceAsStream("version.properties")) {
      if (in == null) {
        throw new IllegalStateException("no version.properties");
      }
      properties.load(in);
    } catch (IOException e) {
      throw new IllegalStateException("version.properties", e);
    }
    return properties.getProperty("version");
  }
}

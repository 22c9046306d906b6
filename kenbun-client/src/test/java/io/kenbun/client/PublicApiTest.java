package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.io.File;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/**
 * What the world may use is written in api.txt, and changes only together with it. To accept a
 * change, run with -Dkenbun.api.write and look at the difference.
 */
final class PublicApiTest {
  private static final Path API = Path.of("api.txt");

  @Test
  void isExactlyWhatApiTxtSays() throws Exception {
    String actual = String.join("\n", api()) + "\n";
    if (System.getProperty("kenbun.api.write") != null) {
      Files.writeString(API, actual);
    }
    assertEquals(Files.readString(API), actual);
  }

  @Test
  void namesNoForeignTypeButOkHttpClient() throws Exception {
    for (String line : api()) {
      assertFalse(line.contains("okio.") || line.contains("moshi."), line);
      assertFalse(line.replace("okhttp3.OkHttpClient", "").contains("okhttp3."), line);
    }
  }

  private static List<String> api() throws Exception {
    File root =
        new File(KenbunClient.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    String[] files = new File(root, "io/kenbun/client").list();
    List<String> lines = new ArrayList<>();
    for (String file : new TreeSet<>(Arrays.asList(files))) {
      if (file.endsWith(".class") && !file.equals("package-info.class")) {
        String name = "io.kenbun.client." + file.substring(0, file.length() - ".class".length());
        Class<?> type = Class.forName(name, false, KenbunClient.class.getClassLoader());
        if (isPublic(type)) {
          lines.add(type.toGenericString());
          lines.addAll(members(type));
        }
      }
    }
    return lines;
  }

  private static boolean isPublic(Class<?> type) {
    return Modifier.isPublic(type.getModifiers())
        && (type.getEnclosingClass() == null || isPublic(type.getEnclosingClass()));
  }

  private static Set<String> members(Class<?> type) {
    Set<String> members = new TreeSet<>();
    for (Field field : type.getDeclaredFields()) {
      if (isVisible(field.getModifiers()) && !field.isSynthetic()) {
        members.add("  " + field.toGenericString());
      }
    }
    for (Constructor<?> constructor : type.getDeclaredConstructors()) {
      if (isVisible(constructor.getModifiers()) && !constructor.isSynthetic()) {
        members.add("  " + constructor.toGenericString());
      }
    }
    for (Method method : type.getDeclaredMethods()) {
      if (isVisible(method.getModifiers()) && !method.isSynthetic()) {
        members.add("  " + method.toGenericString());
      }
    }
    return members;
  }

  private static boolean isVisible(int modifiers) {
    return Modifier.isPublic(modifiers) || Modifier.isProtected(modifiers);
  }
}

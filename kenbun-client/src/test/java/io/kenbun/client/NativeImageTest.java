package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.DataInputStream;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Why the client needs no metadata in a native image: nothing in its class files asks for a class,
 * a member, a proxy, a service or a resource by name. Read from the constant pools, where each
 * class and method that the code refers to has to stand.
 */
final class NativeImageTest {
  /** What a native image has to be told of. */
  private static final String ASKS_BY_NAME =
      "(java/lang/reflect/|java/lang/ClassLoader|java/util/(ServiceLoader|ResourceBundle)"
          + "|java/io/Object(In|Out)putStream|java/util/concurrent/atomic/Atomic\\w+FieldUpdater"
          + "|java/lang/invoke/VarHandle|sun/|jdk/).*";

  /** The methods of Class that a native image answers without being told. */
  private static final Set<String> HARMLESS =
      Set.of(
          "java/lang/Class.getName",
          "java/lang/Class.getSimpleName",
          "java/lang/Class.desiredAssertionStatus");

  /** Lambdas: an image builds them from the call site, where all names are constants. */
  private static final Set<String> LAMBDAS =
      Set.of(
          "java/lang/invoke/LambdaMetafactory.metafactory",
          "java/lang/invoke/LambdaMetafactory",
          "java/lang/invoke/MethodHandles",
          "java/lang/invoke/MethodHandles$Lookup");

  /** Each class, and each class.member, that a class file refers to. */
  private static Set<String> references(Path classFile) throws IOException {
    try (DataInputStream in = new DataInputStream(Files.newInputStream(classFile))) {
      assertEquals(0xCAFEBABE, in.readInt());
      in.readInt(); // The version.
      int count = in.readUnsignedShort();
      String[] texts = new String[count];
      int[] tags = new int[count];
      int[] first = new int[count];
      int[] second = new int[count];
      for (int i = 1; i < count; i++) {
        tags[i] = in.readUnsignedByte();
        switch (tags[i]) {
          case 1 -> texts[i] = in.readUTF();
          case 3, 4 -> in.readInt();
          case 5, 6 -> {
            in.readLong();
            i++; // Takes two places.
          }
          case 7, 8, 16 -> first[i] = in.readUnsignedShort();
          case 9, 10, 11, 12, 18 -> {
            first[i] = in.readUnsignedShort();
            second[i] = in.readUnsignedShort();
          }
          case 15 -> {
            in.readUnsignedByte();
            in.readUnsignedShort();
          }
          default -> throw new IOException("unknown constant " + tags[i] + " in " + classFile);
        }
      }
      Set<String> references = new TreeSet<>();
      for (int i = 1; i < count; i++) {
        if (tags[i] == 7) {
          references.add(texts[first[i]]);
        } else if (tags[i] >= 9 && tags[i] <= 11) {
          references.add(texts[first[first[i]]] + "." + texts[first[second[i]]]);
        }
      }
      return references;
    }
  }

  private static boolean isToBeTold(String reference) {
    if (HARMLESS.contains(reference) || LAMBDAS.contains(reference)) {
      return false;
    }
    return reference.matches(ASKS_BY_NAME)
        || reference.startsWith("java/lang/Class.")
        || reference.startsWith("java/lang/invoke/")
        || reference.equals("java/lang/System.loadLibrary");
  }

  private static Path locationOf(Class<?> type) throws Exception {
    return Path.of(type.getProtectionDomain().getCodeSource().getLocation().toURI());
  }

  @Test
  void noClassFileAsksForAnythingByName() throws Exception {
    Set<String> found = new TreeSet<>();
    int classes = 0;
    try (Stream<Path> files = Files.walk(locationOf(KenbunClient.class))) {
      for (Path file :
          (Iterable<Path>) files.filter(f -> f.toString().endsWith(".class"))::iterator) {
        classes++;
        for (String reference : references(file)) {
          if (isToBeTold(reference)) {
            found.add(file.getFileName() + ": " + reference);
          }
        }
      }
    }
    assertTrue(classes > 60, "read " + classes);
    assertEquals(Set.of(), found);
  }

  @Test
  void aClassFileThatDoesIsFound() throws Exception {
    Set<String> found = new TreeSet<>();
    Path classes = locationOf(ComplaintsTest.class).resolve("io/kenbun/client");
    for (String name : List.of("ComplaintsTest", "ModulePathTest")) {
      for (String reference : references(classes.resolve(name + ".class"))) {
        if (isToBeTold(reference)) {
          found.add(reference);
        }
      }
    }
    assertTrue(found.contains("java/lang/Class.forName"), found::toString);
    assertTrue(found.contains("java/lang/Class.getDeclaredMethods"), found::toString);
    assertTrue(found.contains("java/lang/reflect/Method.getName"), found::toString);
  }

  @Test
  void thereIsNothingToTellAndNoFileThatTells() throws Exception {
    Path root = locationOf(KenbunClient.class);
    Set<String> others = new TreeSet<>();
    try (Stream<Path> files = Files.walk(root)) {
      for (Path file : (Iterable<Path>) files.filter(Files::isRegularFile)::iterator) {
        if (!file.toString().endsWith(".class")) {
          others.add(root.relativize(file).toString());
        }
      }
    }
    assertEquals(Set.of("META-INF/LICENSE", "META-INF/proguard/kenbun-client.pro"), others);
  }
}

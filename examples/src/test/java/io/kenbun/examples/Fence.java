package io.kenbun.examples;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * A fenced block of the documentation. How it is marked says how it is held to the truth:
 *
 * <pre>
 *   sh, bash                 DocsCommandsTest runs it, page by page, in its order; or .ci/run has its very lines
 *   json, text below those   what they answer, where … stands for anything
 *   text by itself           stands in a test, which expects it; … for any part of it
 *   java, kotlin, xml        stands in a file that the build compiles or reads; a line // … for any
 *   json that sets units up  a server takes it for its configuration
 *   … by hand                takes minutes or a machine of its own; the script that it names is there
 *   … illustration           a drawing, a form, an output: nothing to run
 * </pre>
 *
 * @param page its path from the root, such as {@code docs/scoring.md}
 * @param line of its opening, from 1
 * @param note what follows the language, "" for nothing
 */
record Fence(String page, int line, String language, String note, String text) {
  static final Path ROOT = Path.of("").toAbsolutePath().getParent();

  /** Returns README, CONTRIBUTING and every page of docs. */
  static List<String> pages() throws IOException {
    List<String> pages = new ArrayList<>(List.of("README.md", "CONTRIBUTING.md"));
    try (Stream<Path> docs = Files.list(ROOT.resolve("docs"))) {
      docs.map(page -> "docs/" + page.getFileName())
          .filter(page -> page.endsWith(".md"))
          .sorted()
          .forEach(pages::add);
    }
    return pages;
  }

  /** Returns the blocks of a page in their order. */
  static List<Fence> of(String page) throws IOException {
    List<Fence> fences = new ArrayList<>();
    List<String> lines = Files.readAllLines(ROOT.resolve(page));
    for (int i = 0; i < lines.size(); i++) {
      if (!lines.get(i).startsWith("```")) {
        continue;
      }
      int open = i++;
      StringBuilder text = new StringBuilder();
      while (!lines.get(i).equals("```")) {
        text.append(lines.get(i++)).append('\n');
      }
      String info = lines.get(open).substring(3).strip();
      int end = info.indexOf(' ') < 0 ? info.length() : info.indexOf(' ');
      fences.add(
          new Fence(
              page, open + 1, info.substring(0, end), info.substring(end).strip(), text + ""));
    }
    return fences;
  }

  boolean isCommand() {
    return language.equals("sh") || language.equals("bash");
  }

  boolean isNote(String wanted) {
    return note.equals(wanted);
  }

  @Override
  public String toString() {
    return page + ":" + line + " ```" + language + " " + note + "\n" + text;
  }
}

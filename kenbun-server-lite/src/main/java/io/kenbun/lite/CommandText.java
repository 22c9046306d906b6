package io.kenbun.lite;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.IntStream;
import picocli.CommandLine;
import picocli.CommandLine.Help;
import picocli.CommandLine.Model.OptionSpec;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.UnmatchedArgumentException;

/** What the command line says: help by topic, and mistakes in the words of who typed them. */
final class CommandText {
  /** What the options from that one on are about. */
  private static final Map<String, String> TOPICS =
      Map.of(
          "--host", "Where it listens, what it works on, who may call:",
          "--durability", "What is kept, and how well:",
          "--test-clock", "For tests, off unless asked for:",
          "--max-body-bytes", "How much callers may ask:",
          "--log-level", "Besides:");

  /** A setting as its class calls it, at the start of a sentence. */
  private static final Pattern SETTING = Pattern.compile("^([a-z][A-Za-z]*)(?= (?:[<>]|is ))");

  /** Settings whose options have other names. */
  private static final Map<String, String> OPTIONS =
      Map.of("maxEventsPerSecond", "--rate-limit", "maxAuthDelay", "--auth-delay-ms");

  /** How far a word may be from the option that was meant. */
  private static final int MAX_TYPOS = 2;

  private CommandText() {}

  /** Lists the options of a command under what they are about. */
  static String options(Help help) {
    StringBuilder text = new StringBuilder();
    List<OptionSpec> topic = new ArrayList<>();
    for (OptionSpec option : help.commandSpec().options()) {
      String heading = TOPICS.get(option.longestName());
      if (heading != null) {
        text.append(help.optionListExcludingGroups(topic));
        topic.clear();
        text.append(System.lineSeparator()).append(heading).append(System.lineSeparator());
      }
      topic.add(option);
    }
    return text.append(help.optionListExcludingGroups(topic)).toString();
  }

  /** Returns {@code message} with the option in place of the setting that it complains of. */
  static String inOptions(String message, Set<String> options) {
    Matcher setting = SETTING.matcher(message);
    if (!setting.find()) {
      return message;
    }
    String name = setting.group(1);
    String kebab = "--" + name.replaceAll("([A-Z])", "-$1").toLowerCase(Locale.ROOT);
    for (String option : List.of(OPTIONS.getOrDefault(name, kebab), kebab + "-ms")) {
      if (options.contains(option)) {
        return option + message.substring(setting.end());
      }
    }
    return message;
  }

  /** Returns the options, or the commands, that look like the first that is unknown. */
  private static List<String> meant(UnmatchedArgumentException unmatched) {
    String typed = unmatched.getUnmatched().get(0).replaceFirst("=.*", "");
    List<String> options =
        unmatched.getCommandLine().getCommandSpec().optionsMap().keySet().stream()
            .filter(option -> option.startsWith("--") && distance(typed, option) <= MAX_TYPOS)
            .sorted(Comparator.comparingInt(option -> distance(typed, option)))
            .toList();
    return options.isEmpty() ? unmatched.getSuggestions() : options;
  }

  /** Returns how many letters have to be put in, taken out or changed to make one of the other. */
  private static int distance(String from, String to) {
    int[] row = IntStream.rangeClosed(0, to.length()).toArray();
    for (int i = 1; i <= from.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= to.length(); j++) {
        int changed = diagonal + (from.charAt(i - 1) == to.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(changed, 1 + Math.min(row[j], row[j - 1]));
      }
    }
    return row[to.length()];
  }

  /** Returns what is wrong with the arguments, and what may have been meant. */
  static String mistake(ParameterException e) {
    // Java's words for a whole number are not those of who types one.
    String said = String.valueOf(e.getMessage());
    StringBuilder text =
        new StringBuilder(said.replaceAll("is not an? (int|long)$", "is no whole number"));
    if (text.indexOf("'tcp://") >= 0) {
      text.append(
          "; Kubernetes sets that for a Service named kenbun, unless enableServiceLinks is false");
    }
    if (e instanceof UnmatchedArgumentException unmatched) {
      String first = unmatched.getUnmatched().get(0);
      if (first.startsWith("-")) { // What follows it was meant to be its value.
        text = new StringBuilder("Unknown option: '" + first.replaceFirst("=.*", "") + "'");
      }
      List<String> meant = meant(unmatched);
      if (!meant.isEmpty()) {
        text.append("; did you mean ").append(String.join(", ", meant)).append('?');
        return text.toString();
      }
    }
    CommandLine command = e.getCommandLine();
    return text.append("; ")
        .append(command.getCommandSpec().qualifiedName())
        .append(" --help shows what is allowed")
        .toString();
  }
}

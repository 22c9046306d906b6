package io.kenbun.lite.http.inspector;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.Callable;
import java.util.logging.Level;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.openqa.selenium.By;
import org.openqa.selenium.Keys;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.WebDriverException;
import org.openqa.selenium.WebElement;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;

/** A Chromium of its own, driven as a person would: it looks, clicks, types and waits. */
final class Browser implements AutoCloseable {
  /**
   * How long a measurement lasts, if one was asked for. Only then figures are held to their limits:
   * on a machine that does other things as well they say nothing of the page.
   */
  private static final Integer SECONDS = Integer.getInteger("kenbun.seconds");

  private static final long PATIENCE_NANOS = Duration.ofSeconds(60).toNanos();
  private static final String AXE = "/META-INF/resources/webjars/axe-core/4.6.3/axe.min.js";

  private final ChromeDriver driver;
  private final Path profile;
  private final URI url;

  Browser(URI url) throws IOException {
    this.url = url;
    this.profile = Files.createTempDirectory("kenbun-browser");
    ChromeOptions options = new ChromeOptions();
    options.setBinary("/usr/bin/chromium");
    LoggingPreferences console = new LoggingPreferences();
    console.enable(LogType.BROWSER, Level.ALL);
    options.setCapability(ChromeOptions.LOGGING_PREFS, console);
    options.addArguments(
        "--headless=new",
        "--no-sandbox",
        "--disable-gpu",
        "--disable-dev-shm-usage",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
        // Nothing is fetched from elsewhere: what tries is an error in the console.
        "--host-resolver-rules=MAP * ~NOTFOUND, EXCLUDE 127.0.0.1",
        "--enable-precise-memory-info",
        "--user-data-dir=" + profile);
    driver =
        new ChromeDriver(
            new ChromeDriverService.Builder()
                .usingDriverExecutable(new File("/usr/bin/chromedriver"))
                .build(),
            options);
    driver.manage().timeouts().scriptTimeout(Duration.ofSeconds(90));
    desktop();
    dark(false);
  }

  /** Returns how long to measure for: {@code -Dkenbun.seconds}, or a moment. */
  static int seconds() {
    return SECONDS == null ? 5 : SECONDS;
  }

  /** Says a figure, and holds it to its limit if a measurement was asked for. */
  static void measured(String what, long value, long limit) {
    System.out.printf("%s: %d, at most %d is wanted%n", what, value, limit);
    if (SECONDS != null && value > limit) {
      throw new AssertionError(what + " > " + limit + ": " + value);
    }
  }

  /** Opens a view, as an address that was typed. */
  Browser open(String path) {
    driver.get("about:blank"); // Else only the part behind # would change.
    driver.get(url.resolve(path).toString());
    return this;
  }

  Browser desktop() {
    return size(1360, 850, false);
  }

  /** The size of the pictures in the documentation. */
  Browser picture() {
    return size(1120, 560, false);
  }

  Browser phone() {
    return size(390, 844, true);
  }

  private Browser size(int width, int height, boolean mobile) {
    command(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", mobile));
    return this;
  }

  Browser dark(boolean dark) {
    Map<String, Object> scheme =
        Map.of("name", "prefers-color-scheme", "value", dark ? "dark" : "light");
    command("Emulation.setEmulatedMedia", Map.of("features", List.of(scheme)));
    return this;
  }

  Map<String, Object> command(String name, Map<String, Object> parameters) {
    return driver.executeCdpCommand(name, parameters);
  }

  /** Returns what {@code script} returns; null is a mistake. */
  Object run(String script, Object... arguments) {
    return Objects.requireNonNull(driver.executeScript(script, arguments), script);
  }

  /** Runs {@code script} without a value. */
  void tell(String script, Object... arguments) {
    driver.executeScript(script, arguments);
  }

  /** Returns what {@code script} hands to {@code done}. */
  Object runAsync(String script) {
    return Objects.requireNonNull(
        driver.executeAsyncScript("const done = arguments[arguments.length - 1];" + script),
        script);
  }

  /** Waits for the first element that {@code css} names and that can be seen. */
  WebElement see(String css) {
    return await(
        css,
        () ->
            driver.findElements(By.cssSelector(css)).stream()
                .filter(WebElement::isDisplayed)
                .findFirst()
                .orElse(null));
  }

  /** Waits for the first visible {@code css} whose text contains {@code text}. */
  WebElement see(String css, String text) {
    return await(
        css + " with " + text,
        () -> {
          for (WebElement one : driver.findElements(By.cssSelector(css))) {
            if (one.isDisplayed() && one.getText().contains(text)) {
              return one;
            }
          }
          return null;
        });
  }

  void seeNo(String css) {
    await(
        "no " + css,
        () ->
            driver.findElements(By.cssSelector(css)).stream().anyMatch(WebElement::isDisplayed)
                ? null
                : true);
  }

  void click(String css) {
    await("to click " + css, () -> clicked(see(css)));
  }

  void click(String css, String text) {
    await("to click " + css + " with " + text, () -> clicked(see(css, text)));
  }

  private static Boolean clicked(WebElement element) {
    element.click();
    return true;
  }

  void type(String css, String text) {
    see(css).sendKeys(Keys.chord(Keys.CONTROL, "a"), text);
  }

  void press(CharSequence... keys) {
    driver.switchTo().activeElement().sendKeys(keys);
  }

  String text(String css) {
    return see(css).getText();
  }

  /** Waits until {@code condition} gives something; elements that went meanwhile are no error. */
  <T> T await(String what, Callable<@Nullable T> condition) {
    long deadline = System.nanoTime() + PATIENCE_NANOS;
    WebDriverException last = null;
    while (System.nanoTime() < deadline) {
      try {
        T found = condition.call();
        if (found != null) {
          return found;
        }
      } catch (WebDriverException e) {
        last = e;
      } catch (Exception e) {
        throw new AssertionError(what, e);
      }
    }
    throw new AssertionError(
        "not seen: " + what + " in\n" + driver.findElement(By.tagName("body")).getText(), last);
  }

  /** Returns what the page has complained of since the last call, one a line. */
  String complaints() {
    return driver.manage().logs().get(LogType.BROWSER).getAll().stream()
        .filter(entry -> entry.getLevel().intValue() >= Level.WARNING.intValue())
        .map(LogEntry::getMessage)
        .filter(message -> !message.startsWith("rendering ")) // Advice to axe-core.
        .collect(Collectors.joining("\n"));
  }

  /** Returns what is in the clipboard. */
  String clipboard() {
    command(
        "Browser.grantPermissions",
        Map.of("permissions", List.of("clipboardReadWrite", "clipboardSanitizedWrite")));
    return (String) runAsync("navigator.clipboard.readText().then(done, e => done('' + e))");
  }

  /** Keeps what is seen under {@code target/screenshots}. */
  void screenshot(String name) throws IOException {
    Path folder = Files.createDirectories(Path.of("target", "screenshots"));
    Files.write(folder.resolve(name + ".png"), driver.getScreenshotAs(OutputType.BYTES));
  }

  /** Returns axe-core's findings that are serious or critical, one a line. */
  String barriers() {
    tell(axe());
    return (String)
        runAsync(
            """
            axe.run(document).then(result => done(result.violations
              .filter(one => one.impact === 'serious' || one.impact === 'critical')
              .map(one => one.id + ': ' + one.help + ' ' + one.nodes.map(n => n.html.slice(0, 160) + ' ' + (n.any[0]?.message ?? '')).join(' | '))
              .join('\\n')), error => done(String(error)));""");
  }

  private static String axe() {
    try (InputStream in = Objects.requireNonNull(Browser.class.getResourceAsStream(AXE))) {
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    driver.quit();
    try (Stream<Path> files = Files.walk(profile)) {
      files.sorted((a, b) -> b.compareTo(a)).forEach(file -> file.toFile().delete());
    }
  }
}

package io.kenbun.lite.testkit;

import io.kenbun.client.KenbunClient;
import io.kenbun.lite.KenbunLite;
import java.io.IOException;
import java.net.URI;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.AfterAllCallback;
import org.junit.jupiter.api.extension.AfterEachCallback;
import org.junit.jupiter.api.extension.BeforeAllCallback;
import org.junit.jupiter.api.extension.BeforeEachCallback;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.ParameterContext;
import org.junit.jupiter.api.extension.ParameterResolver;

/**
 * Gives tests of JUnit Jupiter a {@link KenbunLiteKit}, which it starts and closes.
 *
 * <pre>{@code
 * @RegisterExtension static final KenbunLiteExtension kenbun = new KenbunLiteExtension();
 *
 * @Test
 * void aSignUpIsWorthFifty() {
 *   new SignUp(kenbun.client()).of("ada@example.com");
 *   kenbun.leads().email("ada@example.com").hasScore(50);
 * }
 * }</pre>
 *
 * <p>In a static field, or by {@code @ExtendWith}: one server for the class, {@link
 * KenbunLiteKit#reset emptied} before each method, so its methods must not run at the same time. In
 * a field that is not static: a server for each method, which may run at the same time as others.
 * Tests may take a {@link KenbunLiteKit}, a {@link KenbunLite} or a {@link KenbunClient} as a
 * parameter.
 */
public final class KenbunLiteExtension
    implements BeforeAllCallback,
        AfterAllCallback,
        BeforeEachCallback,
        AfterEachCallback,
        ParameterResolver {
  private final UnaryOperator<KenbunLite.Builder> settings;
  private volatile @Nullable KenbunLiteKit kit;
  private int classes; // Entered and not left: nested ones come in, too. One thread at a time.

  /** Makes one that starts servers with the starter rules. */
  public KenbunLiteExtension() {
    this(builder -> builder);
  }

  private KenbunLiteExtension(UnaryOperator<KenbunLite.Builder> settings) {
    this.settings = settings;
  }

  /**
   * Makes one whose servers {@code settings} sets up, such as {@code server ->
   * server.config(Path.of("kenbun.json"))}.
   */
  public static KenbunLiteExtension with(UnaryOperator<KenbunLite.Builder> settings) {
    return new KenbunLiteExtension(settings);
  }

  @Override
  public synchronized void beforeAll(ExtensionContext context) throws IOException {
    if (classes++ == 0) {
      kit = KenbunLiteKit.start(settings);
    }
  }

  @Override
  public synchronized void afterAll(ExtensionContext context) {
    if (--classes == 0) {
      close();
    }
  }

  @Override
  public synchronized void beforeEach(ExtensionContext context) throws IOException {
    if (classes > 0) {
      kit().reset();
    } else {
      kit = KenbunLiteKit.start(settings);
    }
  }

  @Override
  public synchronized void afterEach(ExtensionContext context) {
    if (classes == 0) {
      close();
    }
  }

  private void close() {
    KenbunLiteKit closing = kit;
    kit = null;
    if (closing != null) {
      closing.close();
    }
  }

  @Override
  public boolean supportsParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    return type == KenbunLiteKit.class || type == KenbunLite.class || type == KenbunClient.class;
  }

  @Override
  public Object resolveParameter(ParameterContext parameter, ExtensionContext context) {
    Class<?> type = parameter.getParameter().getType();
    if (type == KenbunLiteKit.class) {
      return kit();
    }
    return type == KenbunLite.class ? kit().server() : kit().client();
  }

  /** Returns what is running; there is nothing before a test and after it. */
  public KenbunLiteKit kit() {
    KenbunLiteKit running = kit;
    if (running == null) {
      throw new IllegalStateException(
          "no server runs: there is one while a test does, if the field of this KenbunLiteExtension"
              + " has @RegisterExtension, or the class @ExtendWith(KenbunLiteExtension.class)");
    }
    return running;
  }

  /** Returns the same as {@link KenbunLiteKit#url}. */
  public URI url() {
    return kit().url();
  }

  /** Returns the same as {@link KenbunLiteKit#client}. */
  public KenbunClient client() {
    return kit().client();
  }

  /** Returns the same as {@link KenbunLiteKit#clock}. */
  public TestTime clock() {
    return kit().clock();
  }

  /** Returns the same as {@link KenbunLiteKit#leads}. */
  public Leads leads() {
    return kit().leads();
  }

  /** Returns the same as {@link KenbunLiteKit#received}. */
  public Found received(String eventType) {
    return kit().received(eventType);
  }

  /** Returns the same as {@link KenbunLiteKit#fired}. */
  public Found fired(String triggerName) {
    return kit().fired(triggerName);
  }

  /** Returns the same as {@link KenbunLiteKit#delivered}. */
  public Found delivered(String triggerName) {
    return kit().delivered(triggerName);
  }

  /** Returns the same as {@link KenbunLiteKit#rejected}. */
  public Found rejected() {
    return kit().rejected();
  }

  /** Does the same as {@link KenbunLiteKit#drain}. */
  public void drain() {
    kit().drain();
  }

  /** Does the same as {@link KenbunLiteKit#reset}. */
  public void reset() {
    kit().reset();
  }
}

package io.kenbun.examples.android;

import android.app.Activity;
import android.app.Application;
import android.os.Bundle;
import io.kenbun.client.Credentials;
import io.kenbun.client.KenbunClient;
import java.io.File;
import java.util.concurrent.TimeUnit;

/** An app that reports from API 21 on: events wait on disk, and go out when the user leaves. */
public final class App extends Application implements Application.ActivityLifecycleCallbacks {
  private KenbunClient kenbun;
  private int visible; // The main thread's.

  @Override
  public void onCreate() {
    super.onCreate();
    kenbun =
        KenbunClient.builder()
            .credentials(Credentials.bearer("kbn_pat_that_may_only_ingest"))
            .orgUnit("unit_default")
            .spool(new File(getNoBackupFilesDir(), "kenbun")) // The client's thread opens it.
            .maxQueuedBytes(4L << 20)
            .shutdownHook(false) // Android kills; hooks do not run.
            .build();
    registerActivityLifecycleCallbacks(this);
  }

  /** For activities: {@code ((App) getApplication()).kenbun().track(...)}. */
  public KenbunClient kenbun() {
    return kenbun;
  }

  @Override
  public void onActivityStarted(Activity activity) {
    visible++;
  }

  @Override
  public void onActivityStopped(Activity activity) {
    visible--;
    if (visible == 0 && !activity.isChangingConfigurations()) {
      flushInBackground();
    }
  }

  /** {@code flush} waits, so not on the main thread; what it does not deliver stays on disk. */
  private void flushInBackground() {
    new Thread(() -> kenbun.flush(5, TimeUnit.SECONDS), "kenbun-flush").start();
  }

  @Override
  public void onActivityCreated(Activity activity, Bundle state) {}

  @Override
  public void onActivityResumed(Activity activity) {}

  @Override
  public void onActivityPaused(Activity activity) {}

  @Override
  public void onActivitySaveInstanceState(Activity activity, Bundle state) {}

  @Override
  public void onActivityDestroyed(Activity activity) {}
}

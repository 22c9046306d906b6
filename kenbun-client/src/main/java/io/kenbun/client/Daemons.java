package io.kenbun.client;

import java.util.concurrent.ThreadFactory;

/**
 * Makes our threads: daemons, so that they hold up no process, named, and without a context class
 * loader, which would keep a redeployed application in memory.
 */
final class Daemons implements ThreadFactory {
  private final String name;

  Daemons(String name) {
    this.name = name;
  }

  @Override
  public Thread newThread(Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.setContextClassLoader(null);
    return thread;
  }
}

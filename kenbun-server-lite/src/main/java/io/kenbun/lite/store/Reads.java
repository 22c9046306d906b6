package io.kenbun.lite.store;

import io.kenbun.lite.pipeline.StorageException;
import java.nio.file.Path;

/**
 * The questions that the HTTP API asks, by what they are about. Any thread; each call waits for one
 * of a few query-only connections.
 */
public final class Reads implements AutoCloseable {
  private final ReadConnections connections;
  private final LeadReads leads;
  private final EventReads events;
  private final ScoreReads scores;
  private final FigureReads figures;

  Reads(Path file) throws StorageException {
    this.connections = new ReadConnections(file);
    this.leads = new LeadReads(connections);
    this.events = new EventReads(connections);
    this.scores = new ScoreReads(connections);
    this.figures = new FigureReads(connections);
  }

  <T> T ask(ReadConnections.Question<T> question) throws StorageException {
    return connections.ask(question);
  }

  public LeadReads leads() {
    return leads;
  }

  public EventReads events() {
    return events;
  }

  public ScoreReads scores() {
    return scores;
  }

  public FigureReads figures() {
    return figures;
  }

  @Override
  public void close() {
    connections.close();
  }
}

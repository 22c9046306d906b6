package io.kenbun.client;

import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Writes down what it is told. */
final class RecordingListener extends DeliveryListener {
  final List<String> told = new CopyOnWriteArrayList<>();

  @Override
  public void delivered(Event event) {
    told.add("delivered " + event.leadId());
  }

  @Override
  public void retrying(int events, String cause, long pauseMillis) {
    told.add("retrying " + events + ": " + cause + ", after " + pauseMillis + " ms");
  }

  @Override
  public void dropped(Event event, DropReason reason, String detail) {
    told.add("dropped " + event.leadId() + " " + reason + ": " + detail);
  }

  @Override
  public void orgUnitLost(String orgUnit, String detail) {
    told.add("lost " + orgUnit + ": " + detail);
  }

  @Override
  public void credentialsRefused(String detail) {
    told.add("refused: " + detail);
  }

  @Override
  public void recovered() {
    told.add("recovered");
  }

  @Override
  public void spoolFailed(String detail) {
    told.add("spool: " + detail);
  }
}

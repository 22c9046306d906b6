package io.kenbun.lite.model;

import org.jspecify.annotations.Nullable;

/**
 * What has become of a delivery ({@code lite.md} 5).
 *
 * <pre>
 *   PENDING ──2xx──&gt; DELIVERED        LOGGED: nothing is ever sent
 *     │ └──410────&gt; OFF ──retry──&gt; PENDING
 *     └─8th failure─&gt; FAILED ──retry──&gt; PENDING
 * </pre>
 */
public enum DeliveryState {
  PENDING("pending"),
  DELIVERED("delivered"),
  /** Given up; a person may have it tried again. */
  FAILED("failed"),
  /** To a destination that takes nothing, or only written down. */
  LOGGED("logged"),
  /** Its destination said that it is gone. */
  OFF("off");

  private final String wireName;

  DeliveryState(String wireName) {
    this.wireName = wireName;
  }

  /** Returns the name on the wire and in the store. */
  public String wireName() {
    return wireName;
  }

  /** Returns the state of that name, or null. */
  public static @Nullable DeliveryState of(String wireName) {
    for (DeliveryState state : values()) {
      if (state.wireName.equals(wireName)) {
        return state;
      }
    }
    return null;
  }
}

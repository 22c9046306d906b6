package io.kenbun.lite.model;

import java.util.List;

/**
 * One page of a list, and how many items all pages have.
 *
 * @param page from 1
 */
public record Page<T>(List<T> items, long total, int page, int limit) {
  public Page {
    items = List.copyOf(items);
  }
}

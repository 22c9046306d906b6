package io.kenbun.client;

import java.util.Collections;
import java.util.List;

/** What came of a request, classified: the worker decides by the kind and by nothing else. */
final class Reply {
  enum Kind {
    /** Acknowledged, save for the rejected lines. */
    DELIVERED,
    /** Send again later: no answer, 408, 425, 429, 5xx, a redirect, an answer not understood. */
    WAIT,
    /** Too large or unreadable as a whole: send less at a time, and drop it if it is one. */
    SPLIT,
    /** This event will never be taken. */
    REFUSED,
    /** The unit's session is gone: open it and send again. */
    ORG_UNIT_LOST,
    /** The credentials are not accepted: keep everything. */
    UNAUTHORIZED,
    /** There is no batch endpoint after all: send singles. */
    NO_BATCHES
  }

  /** A line of a batch that was not taken. */
  static final class Rejection {
    /** Counted from 0. */
    final int index;

    final int status;
    final String detail;

    Rejection(int index, int status, String detail) {
      this.index = index;
      this.status = status;
      this.detail = detail;
    }
  }

  final Kind kind;

  /** The HTTP status, or 0 if there was no answer. */
  final int status;

  /** For people: status and message, never a secret or a payload. */
  final String detail;

  /** What the server asked for, in milliseconds, or -1. */
  final long retryAfterMillis;

  /** Whether the answer announced the batch endpoint. */
  final boolean announcesBatches;

  final List<Rejection> rejections;

  private Reply(
      Kind kind,
      int status,
      String detail,
      long retryAfterMillis,
      boolean announcesBatches,
      List<Rejection> rejections) {
    this.kind = kind;
    this.status = status;
    this.detail = detail;
    this.retryAfterMillis = retryAfterMillis;
    this.announcesBatches = announcesBatches;
    this.rejections = rejections;
  }

  static Reply of(
      Kind kind, int status, String detail, long retryAfterMillis, boolean announcesBatches) {
    return new Reply(
        kind, status, detail, retryAfterMillis, announcesBatches, Collections.emptyList());
  }

  static Reply delivered(int status, boolean announcesBatches, List<Rejection> rejections) {
    return new Reply(Kind.DELIVERED, status, "", -1, announcesBatches, rejections);
  }

  /** There was no answer, or none that could be read to its end. */
  static Reply noAnswer(String detail) {
    return of(Kind.WAIT, 0, detail, -1, false);
  }

  /**
   * The kind that a status means for one event.
   *
   * <p>404, 405 and 501 say something about the address and nothing about the event, and so do
   * redirects, which nobody may follow with a POST without changing it: those are waited out.
   */
  static Kind kindOf(int status) {
    if (status >= 200 && status < 300) {
      return Kind.DELIVERED;
    }
    switch (status) {
      case 401:
      case 403:
      case 407:
        return Kind.UNAUTHORIZED;
      case 413:
        return Kind.SPLIT;
      case 404:
      case 405:
      case 408:
      case 421:
      case 425:
      case 429:
        return Kind.WAIT;
      default:
        return status >= 400 && status < 500 ? Kind.REFUSED : Kind.WAIT;
    }
  }
}

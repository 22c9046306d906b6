/**
 * Streams a CSV file of events through the SDK.
 *
 * <pre>
 * file -> EventCsv -> row -> EventMapping -> Event -> KenbunClient.track -> server
 *         gunzip             Template, RowFilter,     blocks while the
 *                            DayTimes                 queue is full
 * </pre>
 */
@org.jspecify.annotations.NullMarked
package io.kenbun.examples.replay;

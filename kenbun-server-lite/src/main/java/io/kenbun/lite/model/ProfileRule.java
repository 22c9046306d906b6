package io.kenbun.lite.model;

/**
 * One profile rule: a lead whose field meets the condition has the weight in its profile score
 * ({@code scoring.md} 7.2).
 *
 * @param key the rule's number inside this server; never sent
 * @param condition on a field of the profile
 */
public record ProfileRule(
    long key,
    String id,
    Condition condition,
    int weight,
    boolean active,
    long createdAtMillis,
    long updatedAtMillis) {}

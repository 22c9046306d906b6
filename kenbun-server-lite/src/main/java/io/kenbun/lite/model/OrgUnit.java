package io.kenbun.lite.model;

import org.jspecify.annotations.Nullable;

/**
 * An organizational unit (OU): the walls that everything else stands within.
 *
 * @param key the unit's number inside this server; never sent
 */
public record OrgUnit(
    long key,
    String unitId,
    String orgId,
    String name,
    String slug,
    @Nullable String externalRef,
    boolean isDefault) {}

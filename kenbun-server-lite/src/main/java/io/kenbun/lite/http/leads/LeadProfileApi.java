package io.kenbun.lite.http.leads;

import io.kenbun.lite.http.call.Call;
import io.kenbun.lite.http.call.JsonBody;
import io.kenbun.lite.http.call.Problem;
import io.kenbun.lite.http.json.JsonOut;
import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.ProfileMapping;
import io.kenbun.lite.pipeline.LeadProfiles;
import io.kenbun.lite.pipeline.LeadProfiles.Edit;
import io.kenbun.lite.pipeline.Rules;
import io.kenbun.lite.pipeline.StorageException;
import io.kenbun.lite.store.leads.LeadNames;
import io.kenbun.lite.store.reads.LeadReads;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Who a lead is: its names, its owner, its metadata, read and written by people ({@code api.md} 6.2
 * to 6.5). Runs on workers; a write waits for the batch that is being scored.
 */
final class LeadProfileApi {
  private static final int MAX_OWNER_LENGTH = 200;

  /** Whose metadata is looked at for keys; all of them could be millions. */
  private static final int MAX_LEADS = 10_000;

  private static final int ALIAS_ID_BYTES = 12;

  private final LeadApi leads;
  private final LeadReads reads;
  private final LeadProfiles profiles;
  private final Rules rules;

  LeadProfileApi(LeadApi leads, LeadReads reads, LeadProfiles profiles, Rules rules) {
    this.leads = leads;
    this.reads = reads;
    this.profiles = profiles;
    this.rules = rules;
  }

  /** {@code PUT /lead/{leadID}}: what is given changes; {@code metadata} is replaced whole. */
  void update(Call call) throws Exception {
    JsonBody.readForWorker(
        call,
        body -> {
          boolean replaces = body.isGiven("metadata");
          Map<String, @Nullable Object> metadata =
              replaces ? scalars(body.object("metadata")) : Map.of();
          String owner = body.textOrNull("owner_name", MAX_OWNER_LENGTH, null);
          write(
              call,
              call.pathValue("leadID"),
              new Edit(metadata, replaces, body.has("owner_name"), owner));
          leads.one(call);
        });
  }

  /** {@code PATCH /lead/{leadID}/metadata}: the body's keys change, null removes one. */
  void patch(Call call) throws Exception {
    JsonBody.readForWorker(
        call,
        body -> {
          write(call, call.pathValue("leadID"), Edit.ofMetadata(scalars(body)));
          leads.one(call);
        });
  }

  /**
   * {@code PATCH /lead/by-alias/metadata?kind=email&value=…}: the same, answered as the look-up.
   */
  void patchByAlias(Call call) throws Exception {
    JsonBody.readForWorker(
        call,
        body -> {
          Edit edit = Edit.ofMetadata(scalars(body));
          write(call, leads.leadByAlias(call).leadId(), edit);
          leads.byAlias(call);
        });
  }

  private static Map<String, @Nullable Object> scalars(JsonBody body) {
    return body.scalars(LeadProfiles.MAX_KEY_LENGTH, LeadProfiles.MAX_TEXT_LENGTH);
  }

  private void write(Call call, String leadId, Edit edit) throws StorageException {
    int bytes = profiles.write(call.unit().key(), leadId, edit);
    if (bytes < 0) {
      throw Problem.notFound("no such lead");
    }
    if (bytes > LeadProfiles.MAX_BYTES) {
      throw Problem.metadataTooLarge(LeadProfiles.MAX_BYTES, bytes);
    }
  }

  /**
   * {@code GET /leads/metadata/properties}: the keys that leads have, and those that are mapped.
   */
  void properties(Call call) throws StorageException {
    long unit = call.unit().key();
    TreeSet<String> keys = new TreeSet<>(reads.metadataKeys(unit, MAX_LEADS));
    for (ProfileMapping mapping : rules.current().setup(unit).profileMappings()) {
      keys.add(mapping.profileField());
    }
    JsonOut out = new JsonOut().beginObject().beginArray("properties");
    keys.forEach(out::element);
    call.answer(200, out.endArray().endObject());
  }

  /** {@code GET /lead/{leadID}/aliases}: all of them, the oldest first. */
  void aliases(Call call) throws StorageException {
    JsonOut out = new JsonOut().beginObject().beginArray("aliases");
    for (LeadNames.AliasSince known : reads.aliasesSince(leads.lead(call))) {
      Alias alias = known.alias();
      out.beginObject()
          .field("id", id(alias))
          .field("kind", alias.kind().wireName())
          .field("value", alias.value())
          .timeField("created_at", known.createdAtMillis())
          .endObject();
    }
    call.answer(200, out.endArray().endObject());
  }

  /** An alias is kept under what it is and has no number: its id is a hash of that. */
  private static String id(Alias alias) {
    try {
      byte[] hash =
          MessageDigest.getInstance("SHA-256")
              .digest(
                  (alias.kind().wireName() + ':' + alias.key()).getBytes(StandardCharsets.UTF_8));
      return "alias_" + HexFormat.of().formatHex(hash, 0, ALIAS_ID_BYTES);
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException("every JDK has SHA-256", e);
    }
  }
}

package io.kenbun.lite.http.unsupported;

import static io.kenbun.lite.http.call.Routes.Needs.UNIT;
import static io.kenbun.lite.http.call.Routes.On.IO_THREAD;

import io.kenbun.lite.http.call.NotSupported;
import io.kenbun.lite.http.call.Routes.Route;
import java.util.ArrayList;
import java.util.List;

/**
 * The part of the table that answers 501 {@code not_supported}, after the same checks of the
 * credential and the active OU as any other call.
 */
public final class UnsupportedRoutes {
  private static final List<String> METHODS = List.of("GET", "POST", "PUT", "PATCH", "DELETE");

  /** What there is under {@code path} and, by id, beneath it; {@code what} is its name in words. */
  private record Surface(String path, String what) {}

  // Of accounts some paths are documented; the others are where the habits of the documented
  // ones put them.
  private static final List<Surface> SURFACES =
      List.of(
          new Surface("/accounts", "Accounts"),
          new Surface("/account-mappings", "Account mappings"),
          new Surface("/account-levels", "Account levels"),
          new Surface("/account-scoring", "Account rules"),
          new Surface("/deals", "Deals"),
          new Surface("/segments", "Segments"),
          new Surface("/filters", "Saved list filters"),
          new Surface("/members", "Members"),
          new Surface("/integrations", "Integrations"));

  private UnsupportedRoutes() {}

  public static List<Route> of() {
    List<Route> table = new ArrayList<>();
    for (Surface surface : SURFACES) {
      for (String method : METHODS) {
        refuse(table, method, surface.path, surface.what);
        refuse(table, method, surface.path + "/{id}", surface.what);
        refuse(table, method, surface.path + "/{id}/{part}", surface.what);
        refuse(table, method, surface.path + "/{id}/{part}/{partId}", surface.what);
      }
    }
    String imports = "Imports of leads";
    refuse(table, "POST", "/leads/import/preview", imports);
    refuse(table, "POST", "/leads/import/start", imports);
    refuse(table, "GET", "/leads/import/jobs", imports);
    refuse(table, "GET", "/leads/import/jobs/{jobId}", imports);
    return table;
  }

  private static void refuse(List<Route> table, String method, String path, String what) {
    table.add(new Route(method, path, UNIT, IO_THREAD, new NotSupported(what)));
  }
}

package io.kenbun.lite.store.row;

import io.kenbun.lite.engine.Standing;
import io.kenbun.lite.store.sql.RowBatch;
import java.nio.ByteBuffer;
import java.sql.ResultSet;
import java.sql.SQLException;
import org.jspecify.annotations.Nullable;

/**
 * How a {@link Standing} stands in columns. What fades is one blob, since it is written with every
 * event and never searched:
 *
 * <pre>
 *   fading := (days amount)*      int32 and float64, both big-endian; NULL when nothing fades
 * </pre>
 */
public final class FadingAmounts {
  private static final int BYTES_EACH = Integer.BYTES + Double.BYTES;

  private FadingAmounts() {}

  /** Sets {@code flat, fading, ref} of a row from column {@code first} on. */
  public static void set(RowBatch rows, int first, Standing standing) throws SQLException {
    rows.setDouble(first, standing.flat());
    int count = standing.fadingCount();
    if (count == 0) {
      rows.setNull(first + 1);
      rows.setNull(first + 2);
      return;
    }
    ByteBuffer bytes = ByteBuffer.allocate(count * BYTES_EACH);
    for (int i = 0; i < count; i++) {
      bytes.putInt(standing.days(i)).putDouble(standing.amount(i));
    }
    rows.setBytes(first + 1, bytes.array());
    rows.setLong(first + 2, standing.refMillis());
  }

  /** Reads {@code flat, fading, ref} from column {@code first} on. */
  public static Standing read(ResultSet row, int first, long ruleset, long settledMillis)
      throws SQLException {
    double flat = row.getDouble(first);
    byte @Nullable [] fading = row.getBytes(first + 1);
    if (fading == null) {
      return new Standing(ruleset, flat, new int[0], new double[0], Standing.NEVER, settledMillis);
    }
    int count = fading.length / BYTES_EACH;
    int[] days = new int[count];
    double[] amounts = new double[count];
    ByteBuffer bytes = ByteBuffer.wrap(fading);
    for (int i = 0; i < count; i++) {
      days[i] = bytes.getInt();
      amounts[i] = bytes.getDouble();
    }
    return new Standing(ruleset, flat, days, amounts, row.getLong(first + 2), settledMillis);
  }
}

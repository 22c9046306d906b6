package io.kenbun.lite.store.row;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import io.kenbun.lite.model.Alias;
import io.kenbun.lite.model.AliasKind;
import io.kenbun.lite.model.Contribution;
import java.util.List;
import org.junit.jupiter.api.Test;

class ListFormatsTest {
  @Test
  void aliasesStandAsDrawn() {
    List<Alias> aliases =
        List.of(
            new Alias(AliasKind.EMAIL, "user@example.com"),
            new Alias(AliasKind.PHONE, "+49"),
            new Alias(AliasKind.SOCIAL, "a:b:3:\uD83D\uDE00\u0000"));
    assertEquals(
        "email:16:user@example.comphone:3:+49social:9:a:b:3:\uD83D\uDE00\u0000",
        AliasList.write(aliases));
    assertEquals(aliases, AliasList.read(AliasList.write(aliases)));
    assertEquals(List.of(), AliasList.read(""));
  }

  @Test
  void contributionsStandAsDrawn() {
    List<Contribution> contributions =
        List.of(
            new Contribution(
                1, List.of(new Contribution.Hit(3, 10), new Contribution.Hit(4, 5)), false),
            new Contribution(2, List.of(new Contribution.Hit(-9, -20)), true));
    assertEquals("1 3:10 4:5;2! -9:-20", ContributionList.write(contributions));
    assertEquals(contributions, ContributionList.read(ContributionList.write(contributions)));
    assertNull(ContributionList.write(List.of()));
    assertEquals(List.of(), ContributionList.read(null));
  }

  @Test
  void contributionsOfTheSecondSchemaAreRead() {
    assertEquals(
        List.of(
            new Contribution(
                1, List.of(new Contribution.Hit(3, 10), new Contribution.Hit(4, 5)), false),
            new Contribution(2, List.of(new Contribution.Hit(9, -20)), false)),
        ContributionList.read("1 15 3:10 4:5;2 -7 9:-20"));
  }
}

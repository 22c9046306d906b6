package io.kenbun.client;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.GeneralCodingRules.NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.concurrent.Executor;
import org.junit.jupiter.api.Test;

/** The arrows of the house. */
final class ArchitectureTest {
  private static final JavaClasses CLIENT =
      new ClassFileImporter()
          .withImportOption(new ImportOption.DoNotIncludeTests())
          .importPackages("io.kenbun.client");

  @Test
  void onlyTheHttpSideNamesOkHttp() {
    noClasses()
        .that()
        .haveNameNotMatching(
            ".*\\.(HttpTransport|HttpAnswer|RetryAfter|HttpDefaults|UnitCookies|CsvBody|KenbunClient|Settings)(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("okhttp3..")
        .check(CLIENT);
  }

  @Test
  void onlyTheCodecAndTheHttpSideNameMoshi() {
    noClasses()
        .that()
        .haveNameNotMatching(".*\\.(HttpTransport|HttpAnswer|EventCodec)(\\$.*)?")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("com.squareup.moshi..")
        .check(CLIENT);
  }

  @Test
  void queuesKnowNoTransportAndTransportsKnowNoQueue() {
    noClasses()
        .that()
        .areAssignableTo(EventQueue.class)
        .should()
        .dependOnClassesThat(assignableTo(Transport.class))
        .check(CLIENT);
    noClasses()
        .that()
        .areAssignableTo(Transport.class)
        .should()
        .dependOnClassesThat(assignableTo(EventQueue.class))
        .check(CLIENT);
  }

  @Test
  void onlyTheClockReadsTime() {
    noClasses()
        .that()
        .haveNameNotMatching(".*\\.Clock(\\$.*)?")
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(System.class, "nanoTime")
        .check(CLIENT);
  }

  @Test
  void nobodySleepsAndOnlyTheClientMakesThreads() {
    noClasses().should().callMethod(Thread.class, "sleep", long.class).check(CLIENT);
    noClasses()
        .that()
        .haveNameNotMatching(
            ".*\\.(KenbunClient|HttpTransport|Settings|Daemons|ShutdownHook)(\\$.*)?")
        .should()
        .dependOnClassesThat(assignableTo(Executor.class))
        .orShould()
        .callConstructor(Thread.class, Runnable.class, String.class)
        .check(CLIENT);
  }

  @Test
  void nothingPrintsAndNothingReflects() {
    NO_CLASSES_SHOULD_ACCESS_STANDARD_STREAMS.check(CLIENT);
    noClasses()
        .should()
        .dependOnClassesThat(resideInAnyPackage("java.lang.reflect..", "sun..", "org.slf4j.."))
        .check(CLIENT);
  }

  @Test
  void classesAreFinalUnlessTheyAreMeantToBeExtended() {
    classes()
        .that()
        .areNotInterfaces()
        .and()
        .areNotEnums()
        .and()
        .areNotAnonymousClasses()
        .and()
        .haveNameNotMatching(".*\\.SpoolFiles(\\$SpoolFile)?") // Tests break the disk there.
        .should()
        .haveModifier(JavaModifier.FINAL)
        .orShould()
        .haveModifier(JavaModifier.ABSTRACT)
        .check(CLIENT);
  }

  @Test
  void noDrawersAndNoManagers() {
    noClasses().should().haveNameMatching(".*(Util|Utils|Helper|Manager|Impl)").check(CLIENT);
  }
}

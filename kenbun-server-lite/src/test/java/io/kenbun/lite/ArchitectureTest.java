package io.kenbun.lite;

import static com.tngtech.archunit.base.DescribedPredicate.not;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.assignableTo;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.Architectures.layeredArchitecture;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;

import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.domain.JavaModifier;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.library.GeneralCodingRules;
import com.tngtech.archunit.library.dependencies.SliceAssignment;
import com.tngtech.archunit.library.dependencies.SliceIdentifier;
import io.kenbun.lite.pipeline.Loop;
import io.kenbun.lite.pipeline.Scoring;
import io.kenbun.lite.pipeline.Ticks;
import io.kenbun.lite.webhook.Webhooks;
import java.time.Clock;
import java.time.Instant;
import java.time.LocalDate;
import java.time.LocalDateTime;
import java.time.ZonedDateTime;
import java.util.concurrent.Executors;
import org.junit.jupiter.api.Test;

/** The arrows between packages, and what each may touch. */
class ArchitectureTest {
  private static final String ROOT = "io.kenbun.lite";
  private static final JavaClasses MAIN =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .importPackages(ROOT);

  private static final SliceAssignment EACH_PACKAGE =
      new SliceAssignment() {
        @Override
        public SliceIdentifier getIdentifierOf(JavaClass javaClass) {
          return SliceIdentifier.of(javaClass.getPackageName());
        }

        @Override
        public String getDescription() {
          return "each package";
        }
      };

  @Test
  void packagesImportEachOtherAlongTheArrowsOnly() {
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("testkit")
        .definedBy(ROOT + ".testkit..")
        .layer("root")
        .definedBy(ROOT)
        .layer("command")
        .definedBy(ROOT + ".command..")
        .layer("http")
        .definedBy(ROOT + ".http..")
        .layer("webhook")
        .definedBy(ROOT + ".webhook..")
        .layer("store")
        .definedBy(ROOT + ".store..")
        .layer("pipeline")
        .definedBy(ROOT + ".pipeline..")
        .layer("engine")
        .definedBy(ROOT + ".engine..")
        .layer("model")
        .definedBy(ROOT + ".model..")
        .whereLayer("testkit")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("root")
        .mayOnlyBeAccessedByLayers("testkit")
        .whereLayer("command")
        .mayOnlyBeAccessedByLayers("root")
        .whereLayer("http")
        .mayOnlyBeAccessedByLayers("root", "command", "testkit") // Whose JSON the kit reads.
        .whereLayer("webhook")
        .mayOnlyBeAccessedByLayers("root", "http")
        .whereLayer("store")
        .mayOnlyBeAccessedByLayers("root", "command", "http", "webhook")
        .whereLayer("pipeline")
        .mayOnlyBeAccessedByLayers("root", "command", "http", "webhook", "store")
        .whereLayer("engine")
        .mayOnlyBeAccessedByLayers(
            "root", "http", "store", "pipeline") // The store keeps standings.
        .whereLayer("model")
        .mayOnlyBeAccessedByLayers(
            "root", "command", "http", "webhook", "store", "pipeline", "engine")
        .check(MAIN);
    slices().matching(ROOT + ".(*)..").should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void noPackageNeedsOneThatNeedsIt() {
    slices().assignedFrom(EACH_PACKAGE).should().beFreeOfCycles().check(MAIN);
  }

  @Test
  void partsOfTheStoreImportEachOtherAlongTheArrowsOnly() {
    String store = ROOT + ".store";
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("copy")
        .definedBy(store + ".copy")
        .layer("sqlite")
        .definedBy(store + ".sqlite")
        .layer("postgres")
        .definedBy(store + ".postgres")
        .layer("seam")
        .definedBy(store)
        .layer("reads")
        .definedBy(store + ".reads")
        .layer("configuration")
        .definedBy(store + ".configuration")
        .layer("scoring")
        .definedBy(store + ".scoring")
        .layer("queue")
        .definedBy(store + ".queue")
        .layer("firing")
        .definedBy(store + ".firing")
        .layer("leads")
        .definedBy(store + ".leads")
        .layer("row")
        .definedBy(store + ".row")
        .whereLayer("copy")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("sqlite")
        .mayOnlyBeAccessedByLayers("copy")
        .whereLayer("postgres")
        .mayOnlyBeAccessedByLayers("copy")
        .whereLayer("seam")
        .mayOnlyBeAccessedByLayers("sqlite", "postgres")
        .whereLayer("reads")
        .mayOnlyBeAccessedByLayers("sqlite", "postgres", "seam")
        .whereLayer("scoring")
        .mayOnlyBeAccessedByLayers("sqlite", "postgres", "seam")
        .whereLayer("configuration") // A rule's filters in words are of both.
        .mayOnlyBeAccessedByLayers("sqlite", "postgres", "seam", "reads")
        .whereLayer("queue") // Failed events are done in the transaction that scores them.
        .mayOnlyBeAccessedByLayers("sqlite", "postgres", "seam", "scoring")
        .whereLayer("firing")
        .mayOnlyBeAccessedByLayers(
            "sqlite", "postgres", "seam", "reads", "scoring", "configuration")
        .whereLayer("leads")
        .mayOnlyBeAccessedByLayers("sqlite", "postgres", "seam", "reads", "scoring", "firing")
        .whereLayer("row")
        .mayOnlyBeAccessedByLayers(
            "sqlite",
            "postgres",
            "seam",
            "reads",
            "scoring",
            "configuration",
            "queue",
            "firing",
            "leads")
        .check(MAIN);
    noClasses()
        .that()
        .resideOutsideOfPackages(store + "..", ROOT, ROOT + ".command..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage(
                store + ".sqlite", store + ".postgres", store + ".scoring", store + ".sql"))
        .check(MAIN);
  }

  @Test
  void partsOfTheHttpApiImportEachOtherAlongTheArrowsOnly() {
    String http = ROOT + ".http";
    layeredArchitecture()
        .consideringOnlyDependenciesInLayers()
        .layer("server")
        .definedBy(http)
        .layer("endpoints")
        .definedBy(
            http + ".ingest..",
            http + ".inspector..",
            http + ".leads..",
            http + ".ops..",
            http + ".openapi..",
            http + ".auth..",
            http + ".stream..",
            http + ".triggers..",
            http + ".unsupported..")
        .layer("configuration")
        .definedBy(http + ".configuration..")
        .layer("call")
        .definedBy(http + ".call..")
        .layer("json")
        .definedBy(http + ".json..")
        .whereLayer("server")
        .mayNotBeAccessedByAnyLayer()
        .whereLayer("endpoints")
        .mayOnlyBeAccessedByLayers("server")
        .whereLayer("configuration")
        .mayOnlyBeAccessedByLayers("server", "endpoints")
        .whereLayer("call")
        .mayOnlyBeAccessedByLayers("server", "endpoints", "configuration")
        .check(MAIN);
    slices()
        .matching(http + ".(*)..")
        .should()
        .notDependOnEachOther()
        .ignoreDependency(
            resideInAPackage(http + ".."),
            resideInAnyPackage(http + ".configuration..", http + ".call..", http + ".json.."))
        .check(MAIN);
  }

  @Test
  void theStoreTakesThePortsAloneFromThePipeline() {
    // Loop is how any thread here runs; Scoring is what a store must not know.
    noClasses()
        .that()
        .resideInAPackage(ROOT + ".store..")
        .should()
        .dependOnClassesThat(assignableTo(Scoring.class))
        .check(MAIN);
  }

  @Test
  void eachLibraryIsKnownInOnePlace() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".store..")
        .should()
        .dependOnClassesThat(resideInAPackage("java.sql.."))
        .check(MAIN);
    noClasses()
        .that() // Copies are made by the driver; sql tells the two dialects from each other.
        .resideOutsideOfPackages(ROOT + ".store.sqlite", ROOT + ".store.copy", ROOT + ".store.sql")
        .should()
        .dependOnClassesThat(resideInAPackage("org.sqlite.."))
        .check(MAIN);
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".store.postgres")
        .should()
        .dependOnClassesThat(resideInAnyPackage("org.postgresql..", "com.zaxxer.."))
        .check(MAIN);
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".http..")
        .should()
        .dependOnClassesThat(resideInAnyPackage("io.undertow..", "org.xnio.."))
        .check(MAIN);
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".http.json..")
        .should()
        .dependOnClassesThat(resideInAnyPackage("com.squareup.moshi..", "okio.."))
        .check(MAIN);
    noClasses()
        .that()
        .haveNameNotMatching("io\\.kenbun\\.lite\\.webhook\\.(Sender|AddressGuard)")
        .should()
        .dependOnClassesThat(resideInAPackage("okhttp3.."))
        .check(MAIN);
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + ".testkit..")
        .should()
        .dependOnClassesThat(resideInAnyPackage("io.kenbun.client..", "org.junit.."))
        .check(MAIN);
  }

  @Test
  void theEngineIsPure() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".engine..")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                ROOT + ".engine..",
                ROOT + ".model..",
                "java.lang..",
                "java.time..",
                "java.util",
                "java.util.function..",
                "java.util.stream..",
                "java.util.regex..",
                "org.jspecify.."))
        .check(MAIN);
    classes()
        .that()
        .resideInAPackage(ROOT + ".model..")
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(ROOT + ".model..", "java..", "org.jspecify.."))
        .check(MAIN);
  }

  @Test
  void timeComesInThroughAClock() {
    noClasses()
        .should()
        .callMethod(System.class, "currentTimeMillis")
        .orShould()
        .callMethod(Instant.class, "now")
        .orShould()
        .callMethod(LocalDate.class, "now")
        .orShould()
        .callMethod(LocalDateTime.class, "now")
        .orShould()
        .callMethod(ZonedDateTime.class, "now")
        .orShould()
        .callMethod(Clock.class, "systemUTC")
        .orShould()
        .callMethod(Thread.class, "sleep", long.class)
        .check(MAIN);
    // Deadlines of real waits; nothing is decided by them but how long to wait.
    noClasses()
        .that(not(assignableTo(Loop.class)))
        .and()
        .haveSimpleNameNotEndingWith("InFlight")
        .and(not(assignableTo(Ticks.class)))
        .should()
        .callMethod(System.class, "nanoTime")
        .check(MAIN);
  }

  @Test
  void threadsAreMadeByTheLoopAlone() {
    // Webhooks makes those that wait for somebody else's server.
    noClasses()
        .that(
            not(assignableTo(Loop.class))
                .and(not(assignableTo(Main.class)))
                .and(not(assignableTo(Webhooks.class))))
        .should()
        .callConstructor(Thread.class, ThreadGroup.class, Runnable.class, String.class, long.class)
        .orShould()
        .callConstructor(Thread.class, Runnable.class, String.class)
        .orShould()
        .callConstructor(Thread.class, Runnable.class)
        .orShould()
        .dependOnClassesThat(assignableTo(Executors.class))
        .check(MAIN);
  }

  @Test
  void nothingPrintsButMain() {
    noClasses()
        .that(not(assignableTo(Main.class)))
        .should(GeneralCodingRules.ACCESS_STANDARD_STREAMS)
        .check(MAIN);
  }

  @Test
  void modelTypesAreValuesAndNamesSaySomething() {
    classes()
        .that()
        .resideInAPackage(ROOT + ".model..")
        .and()
        .haveSimpleNameNotEndingWith("package-info")
        .and()
        .haveSimpleNameNotEndingWith("Builder")
        .and()
        .areNotAnonymousClasses()
        .should()
        .beRecords()
        .orShould()
        .beEnums()
        .orShould()
        .beInterfaces()
        .check(MAIN);
    noClasses()
        .should()
        .haveSimpleNameEndingWith("Util")
        .orShould()
        .haveSimpleNameEndingWith("Helper")
        .orShould()
        .haveSimpleNameEndingWith("Manager")
        .orShould()
        .haveSimpleNameEndingWith("Impl")
        .check(MAIN);
  }

  @Test
  void classesAreFinalUnlessMeantToBeExtended() {
    classes()
        .that()
        .areNotInterfaces()
        .and()
        .areNotEnums()
        .and()
        .areNotAnonymousClasses()
        .should()
        .haveModifier(JavaModifier.FINAL)
        .orShould()
        .haveModifier(JavaModifier.ABSTRACT)
        .check(MAIN);
  }
}

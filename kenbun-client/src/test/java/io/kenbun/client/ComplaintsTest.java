package io.kenbun.client;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;

/**
 * What users of other event SDKs have complained of, and the test that answers each complaint here.
 */
final class ComplaintsTest {
  private static final String ANSWERS =
      """
      Lost events
       1 flush and shutdown still drop what is buffered . LifecycleTest.deliversAllBeforeCloseReturnsAndTheProcessIsGoneATenthOfASecondLater
       2 flush races the thread that adds ............... WorkerTest.aFlushEndsWhenWhatCameBeforeItIsSettledWhateverComesAfter
       3 batches vanish once the tries are used up ...... WorkerRefusalTest.dropsWhatHasBeenTriedForLongerThanTheBudget
       4 failed batches find no room to go back ......... LossesTest.whatIsInFlightKeepsItsPlaceInTheQueue
       5 a full queue drops without a word .............. LossesTest.aLossIsLoggedAtOnceAndThenOnceAMinuteWithACount
       6 drops are logged only when debugging ........... LossesTest.aLossIsLoggedAtOnceAndThenOnceAMinuteWithACount
       7 what is on disk waits for the next event ....... LossesTest.theSpoolIsEmptiedWhenTheServerIsBackAlthoughNothingNewIsTracked
      Memory
       8 an outage is an OutOfMemoryError ............... OutageTest.aMinuteOfSilenceUnder64MegabytesIsCountedExactly
       9 a corrupt length makes the reader allocate ..... DiskQueueTest.aWrongLengthIsNotBelieved
      Blocking and the caller's thread
      10 a large event interrupts the caller ............ CallersThreadTest.anEventThatIsTooLargeLeavesTheInterruptFlagAlone
      11 no time-outs ................................... CallersThreadTest.everyTimeoutHasADefault
      12 HTTP on the common pool ........................ ThreadsTest.batchesTakeOneThreadOfOurOwnAndOneCallOfOkHttps
      12 ................................................ CallersThreadTest.requestsRunOnADispatcherOfTheClientsOwnAndNotOnTheApplications
      13 disk and network on the main thread ............ CallersThreadTest.buildingAndTrackingTouchNeitherDiskNorNetwork
      13 ................................................ CallersThreadTest.trackTouchesNoFileWhateverTheSpoolHolds
      Shutdown and threads
      14 the process does not end ....................... LifecycleTest.aProcessEndsAlthoughTheServerSaysNothing
      14 ................................................ ThreadsTest.aCallsThreadIsADaemonWithoutAContextClassLoaderAndEndsWithTheClient
      15 daemon threads lose the tail ................... LifecycleTest.theShutdownHookDeliversTheTailOfAProgramThatDoesNotClose
      15 a redeployed application leaks ................. LifecycleTest.itsThreadsAreDaemonsNamedAndWithoutAContextClassLoader
      16 functions are frozen between invocations ....... DeadlinesTest.aFlushWithNothingToDoReturnsAtOnce
      16 ................................................ WorkerOutageTest.aFlushThatThePauseOutlastsEndsAtOnce
      17 flush hangs once the flusher has died .......... DeadlinesTest.flushAndCloseKeepTheirDeadlinesAlthoughTheWorkerFails
      Dependencies
      18 versions clash, and so does Guava .............. PublicApiTest.namesNoForeignTypeButOkHttpClient
      18 ................................................ ArchitectureTest.onlyTheHttpSideNamesOkHttp
      18 ................................................ leg "Client on OkHttp 4.9, and compiled against 3.14" of .ci/run
      18 the libraries cannot agree at all .............. ShadedTest.deliversWithNothingElseOnTheClassPath
      19 OkHttp 5 is an empty jar under Maven ........... leg "Client on OkHttp 5" of .ci/run
      19 OkHttp cannot be replaced ..................... OwnHttpClientTest.anInterceptorCanCarryTheRequestsInsteadOfOkHttp
      19 breaks the module path ......................... ModulePathTest.aModuleThatRequiresItDelivers
      Shrinking and native images
      20 reflection dies in R8 .......................... ShrinkTest.aProgramShrunkByR8Delivers
      21 reflection dies in native images ............... NativeImageTest.noClassFileAsksForAnythingByName
      Time
      22 one clock for dates and durations .............. WorkerOutageTest.aClockThatJumpsNeitherHastensNorDelaysNorDrops
      22 slow transit is taken for a wrong clock ........ HttpTransportTest.eachAttemptAtASingleSaysWhenItIsSentAndIsTheSameBesides
      23 dates follow the locale ........................ TimestampsTest.followsNeitherTheDefaultLocaleNorTheDefaultTimeZone
      Proxies and logging
      24 no way to bring one's own HTTP client .......... OwnHttpClientTest.isDerivedFromAndNeverChanged
      25 prints to standard output ...................... ArchitectureTest.nothingPrintsAndNothingReflects
      25 floods the log, with personal data ............. LossesTest.aLossIsLoggedAtOnceAndThenOnceAMinuteWithACount
      Poison, storms, duplicates
      26 429, 408 and their like lose events ............ FailureTableTest.isSentAgainAfter
      26 413 ............................................ WorkerRefusalTest.halvesOn413DownToTheEventThatIsTooLargeAndDropsItAlone
      26 one corrupt record ends every start ............ DiskQueueTest.aDamagedRecordIsSkippedToldAndCountedAndTheFileSetAside
      26 two uploaders race for one file ................ DiskQueueTest.aSecondOwnerIsToldAndWorksFromMemory
      """;

  @Test
  void everyAnswerIsATest() throws Exception {
    int last = 0;
    for (String line : ANSWERS.lines().toList()) {
      if (!Character.isDigit(line.strip().charAt(0))) {
        continue;
      }
      int number = Integer.parseInt(line.substring(0, 2).strip());
      assertTrue(number == last || number == last + 1, line);
      last = number;
      String answer = line.replaceFirst(".* \\.+ ", "");
      assertTrue(answer.startsWith("leg ") ? isLeg(answer) : isTest(answer), answer);
    }
    assertEquals(26, last);
  }

  private static boolean isLeg(String answer) throws Exception {
    String leg = answer.substring(0, answer.lastIndexOf(" of .ci/run"));
    return Files.readAllLines(Path.of("../.ci/run")).contains(leg);
  }

  private static boolean isTest(String name) throws Exception {
    String[] parts = name.split("\\.", 2);
    Class<?> type = Class.forName(ComplaintsTest.class.getPackageName() + "." + parts[0]);
    for (Method method : type.getDeclaredMethods()) {
      if (method.getName().equals(parts[1])) {
        return method.isAnnotationPresent(Test.class)
            || method.isAnnotationPresent(ParameterizedTest.class);
      }
    }
    return false;
  }
}

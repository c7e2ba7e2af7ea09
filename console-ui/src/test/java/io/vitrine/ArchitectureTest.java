package io.vitrine;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.Dependency;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestInstance;

/**
 * The house, as a test: which package may use which, and where each library may be seen.
 *
 * <p>The tables say what a package may use directly; a package that is not listed does not exist
 * yet, and appears here together with its first class.
 */
@TestInstance(TestInstance.Lifecycle.PER_CLASS)
class ArchitectureTest {
  private static final String PROTOCOL = "io.vitrine.protocol";
  private static final String STORAGE = "io.vitrine.storage";
  private static final String CLUSTER = "io.vitrine.cluster";
  private static final String CONSOLE = "io.vitrine.console";

  private static final Map<String, Set<String>> MAY_USE = new LinkedHashMap<>();

  static {
    allow(PROTOCOL + ".api");
    allow(PROTOCOL + ".codec", PROTOCOL + ".api");
    allow(PROTOCOL + ".security", PROTOCOL + ".codec", PROTOCOL + ".api");
    allow(PROTOCOL + ".gate");
    allow(
        PROTOCOL + ".server",
        PROTOCOL + ".gate",
        PROTOCOL + ".security",
        PROTOCOL + ".codec",
        PROTOCOL + ".api");
    allow(PROTOCOL + ".client", PROTOCOL + ".security", PROTOCOL + ".codec", PROTOCOL + ".api");

    allow(STORAGE + ".file");
    allow(STORAGE + ".index", STORAGE + ".file");
    allow(STORAGE + ".checkpoint", STORAGE + ".file");
    allow(STORAGE + ".epoch", STORAGE + ".checkpoint", STORAGE + ".file");
    allow(STORAGE + ".producer", STORAGE + ".file");
    allow(
        STORAGE + ".log",
        STORAGE + ".file",
        STORAGE + ".index",
        STORAGE + ".checkpoint",
        STORAGE + ".epoch",
        STORAGE + ".producer");
    allow(STORAGE + ".retention", STORAGE + ".log");
    allow(
        STORAGE + ".compaction",
        STORAGE + ".log",
        STORAGE + ".retention",
        STORAGE + ".producer",
        STORAGE + ".index",
        STORAGE + ".checkpoint",
        STORAGE + ".file");
    allow(STORAGE + ".inspect", STORAGE + ".log");
    allow(
        STORAGE,
        STORAGE + ".compaction",
        STORAGE + ".log",
        STORAGE + ".file",
        STORAGE + ".checkpoint",
        STORAGE + ".retention");

    allow(CLUSTER + ".event");
    allow(CLUSTER + ".snapshot", CLUSTER + ".event");
    allow(CLUSTER + ".thread");
    allow(CLUSTER + ".purgatory");
    allow(CLUSTER + ".wire");
    allow(
        CLUSTER + ".config",
        STORAGE,
        STORAGE + ".log",
        STORAGE + ".checkpoint",
        STORAGE + ".compaction");
    allow(
        CLUSTER + ".zookeeper",
        CLUSTER + ".config",
        CLUSTER + ".event",
        CLUSTER + ".snapshot",
        STORAGE + ".checkpoint");
    allow(CLUSTER + ".metadata", CLUSTER + ".config");
    String[] wire = {PROTOCOL + ".api", PROTOCOL + ".codec", PROTOCOL + ".client"};
    allow(
        CLUSTER + ".replica",
        with(
            wire,
            CLUSTER + ".metadata",
            CLUSTER + ".purgatory",
            CLUSTER + ".config",
            CLUSTER + ".event",
            STORAGE,
            STORAGE + ".log",
            STORAGE + ".index",
            STORAGE + ".producer",
            STORAGE + ".epoch"));
    allow(
        CLUSTER + ".controller",
        with(
            wire,
            CLUSTER + ".zookeeper",
            CLUSTER + ".metadata",
            CLUSTER + ".config",
            CLUSTER + ".event"));
    allow(CLUSTER + ".coordinator", CLUSTER + ".replica", CLUSTER + ".config", STORAGE + ".log");
    allow(
        CLUSTER + ".group",
        CLUSTER + ".coordinator",
        CLUSTER + ".replica",
        CLUSTER + ".purgatory",
        CLUSTER + ".config",
        CLUSTER + ".event",
        STORAGE + ".log");
    allow(
        CLUSTER + ".security",
        PROTOCOL + ".server",
        PROTOCOL + ".security",
        CLUSTER + ".zookeeper",
        CLUSTER + ".config",
        CLUSTER + ".event");
    allow(CLUSTER + ".metric");
    allow(CLUSTER + ".quota", PROTOCOL + ".server");
    allow(
        CLUSTER + ".jmx",
        CLUSTER + ".group",
        CLUSTER + ".transaction",
        CLUSTER + ".coordinator",
        PROTOCOL + ".codec",
        PROTOCOL + ".server",
        CLUSTER + ".metric",
        CLUSTER + ".controller",
        CLUSTER + ".replica",
        CLUSTER + ".metadata",
        CLUSTER + ".purgatory",
        CLUSTER + ".event",
        STORAGE,
        STORAGE + ".log",
        STORAGE + ".compaction",
        STORAGE + ".producer");
    allow(
        CLUSTER + ".transaction",
        with(
            wire,
            CLUSTER + ".coordinator",
            CLUSTER + ".replica",
            CLUSTER + ".metadata",
            CLUSTER + ".config",
            CLUSTER + ".event"));
    allow(
        CLUSTER + ".handler",
        with(
            wire,
            PROTOCOL + ".server",
            CLUSTER + ".quota",
            CLUSTER + ".security",
            CLUSTER + ".controller",
            CLUSTER + ".group",
            CLUSTER + ".transaction",
            CLUSTER + ".coordinator",
            CLUSTER + ".replica",
            CLUSTER + ".metadata",
            CLUSTER + ".purgatory",
            CLUSTER + ".zookeeper",
            CLUSTER + ".config",
            CLUSTER + ".event",
            STORAGE,
            STORAGE + ".log",
            STORAGE + ".index",
            STORAGE + ".producer",
            STORAGE + ".epoch"));
    allow(
        CLUSTER + ".broker",
        with(
            wire,
            PROTOCOL + ".server",
            PROTOCOL + ".gate",
            CLUSTER + ".wire",
            CLUSTER + ".metric",
            CLUSTER + ".jmx",
            CLUSTER + ".quota",
            PROTOCOL + ".security",
            CLUSTER + ".security",
            CLUSTER + ".handler",
            CLUSTER + ".controller",
            CLUSTER + ".group",
            CLUSTER + ".transaction",
            CLUSTER + ".coordinator",
            CLUSTER + ".replica",
            CLUSTER + ".metadata",
            CLUSTER + ".purgatory",
            CLUSTER + ".zookeeper",
            CLUSTER + ".config",
            CLUSTER + ".event",
            CLUSTER + ".thread",
            STORAGE,
            STORAGE + ".log",
            STORAGE + ".file",
            STORAGE + ".checkpoint"));
    allow(
        CLUSTER + ".supervision",
        CLUSTER + ".wire",
        CLUSTER + ".broker",
        CLUSTER + ".zookeeper",
        CLUSTER + ".config",
        CLUSTER + ".event",
        CLUSTER + ".snapshot",
        CLUSTER + ".thread");
    allow(CLUSTER + ".workload", CLUSTER + ".event");
    allow(CLUSTER + ".data", CLUSTER + ".group", CLUSTER + ".transaction");
    allow(
        CLUSTER,
        CLUSTER + ".wire",
        CLUSTER + ".supervision",
        CLUSTER + ".workload",
        CLUSTER + ".data",
        CLUSTER + ".snapshot",
        CLUSTER + ".event",
        CLUSTER + ".thread",
        CLUSTER + ".config");
    allow(
        CLUSTER + ".remote",
        CLUSTER,
        CLUSTER + ".data",
        CLUSTER + ".event",
        CLUSTER + ".snapshot",
        CLUSTER + ".wire",
        CLUSTER + ".zookeeper");
    allow(
        CLUSTER + ".cli",
        CLUSTER,
        CLUSTER + ".snapshot",
        CLUSTER + ".event",
        STORAGE + ".inspect",
        STORAGE + ".log");

    allow(CONSOLE + ".text");
    allow(CONSOLE + ".theme");
    allow(CONSOLE + ".control", CONSOLE + ".text", CONSOLE + ".theme");
    String[] cluster = {
      CLUSTER, CLUSTER + ".data", CLUSTER + ".event", CLUSTER + ".snapshot", CLUSTER + ".wire"
    };
    allow(CONSOLE + ".live", cluster);
    String[] frame = {
      CONSOLE + ".text",
      CONSOLE + ".theme",
      CONSOLE + ".control",
      CONSOLE + ".live",
      CLUSTER,
      CLUSTER + ".data",
      CLUSTER + ".event",
      CLUSTER + ".snapshot",
      CLUSTER + ".wire"
    };
    allow(CONSOLE + ".shell", frame);
    for (String view :
        new String[] {
          "axis",
          "cluster",
          "partition",
          "lane",
          "data",
          "group",
          "metric",
          "controller",
          "zookeeper",
          "request"
        }) {
      allow(CONSOLE + "." + view, with(frame, CONSOLE + ".shell"));
    }
    for (String page : new String[] {"reference", "setting", "audit", "about", "home"}) {
      allow(CONSOLE + "." + page, frame);
    }
    allow(
        CONSOLE + ".storage",
        with(frame, CONSOLE + ".shell", STORAGE + ".inspect", STORAGE + ".log"));
    allow(
        CONSOLE,
        with(
            frame,
            CONSOLE + ".storage",
            CONSOLE + ".reference",
            CONSOLE + ".setting",
            CONSOLE + ".audit",
            CONSOLE + ".about",
            CONSOLE + ".home",
            CONSOLE + ".shell",
            CONSOLE + ".axis",
            CONSOLE + ".cluster",
            CONSOLE + ".partition",
            CONSOLE + ".lane",
            CONSOLE + ".data",
            CONSOLE + ".group",
            CONSOLE + ".metric",
            CONSOLE + ".controller",
            CONSOLE + ".zookeeper",
            CONSOLE + ".request",
            CLUSTER + ".cli",
            CLUSTER + ".remote"));
  }

  private JavaClasses house;

  @BeforeAll
  void readClasses() {
    house =
        new ClassFileImporter()
            .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
            .withImportOption(place -> !place.contains("-tests.jar") && !place.contains("/test/"))
            .importPackages("io.vitrine");
  }

  @Test
  void everyPackageUsesOnlyWhatItMay() {
    Set<String> offences = new TreeSet<>();
    for (JavaClass user : house) {
      Set<String> allowed = MAY_USE.get(user.getPackageName());
      if (allowed == null) {
        offences.add(user.getPackageName() + " is not a room of the house: add it to the table");
        continue;
      }
      for (Dependency dependency : user.getDirectDependenciesFromSelf()) {
        String used = dependency.getTargetClass().getBaseComponentType().getPackageName();
        if (used.startsWith("io.vitrine")
            && !used.equals(user.getPackageName())
            && !allowed.contains(used)) {
          offences.add(
              user.getPackageName() + " may not use " + used + ": " + dependency.getDescription());
        }
      }
    }
    assertThat(offences).isEmpty();
  }

  @Test
  void noPackagesUseEachOtherInACircle() {
    slices()
        .matching("io.vitrine.(*).(**)")
        .should()
        .beFreeOfCycles()
        .because("a circle has no first page to read")
        .check(house);
  }

  @Test
  void nettyIsSeenInProtocolOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage(PROTOCOL + "..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("io.netty..")
        .because("the transport can be changed in one module")
        .check(house);
  }

  @Test
  void curatorAndZooKeeperAreSeenInOnePackage() {
    noClasses()
        .that()
        .resideOutsideOfPackage(CLUSTER + ".zookeeper")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("org.apache.curator..", "org.apache.zookeeper..")
        .because("sessions and watches are handled in one place")
        .check(house);
  }

  @Test
  void kafkasMessagesStayBelowTheSupervisor() {
    noClasses()
        .that()
        .resideInAnyPackage(
            CONSOLE + "..",
            CLUSTER,
            CLUSTER + ".cli",
            CLUSTER + ".config",
            CLUSTER + ".event",
            CLUSTER + ".purgatory",
            CLUSTER + ".snapshot",
            CLUSTER + ".supervision",
            CLUSTER + ".wire",
            CLUSTER + ".workload",
            CLUSTER + ".zookeeper")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "org.apache.kafka.common.message..",
            "org.apache.kafka.common.protocol..",
            "org.apache.kafka.common.record..",
            "org.apache.kafka.common.requests..")
        .because("they are internal classes of one kafka-clients version")
        .check(house);
  }

  @Test
  void theToolkitIsSeenInTheConsoleOnly() {
    noClasses()
        .that()
        .resideOutsideOfPackage(CONSOLE + "..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("javafx..", "java.awt..", "javax.swing..")
        .because("the cluster runs without a screen")
        .check(house);
  }

  @Test
  void chartsAreDrawnInOnePlace() {
    noClasses()
        .that()
        .resideOutsideOfPackage(CONSOLE + ".control")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("org.jfree..")
        .because("views say what is drawn, and one class how it looks")
        .check(house);
  }

  private static void allow(String name, String... used) {
    MAY_USE.put(name, Set.of(used));
  }

  private static String[] with(String[] some, String... more) {
    String[] all = new String[some.length + more.length];
    System.arraycopy(some, 0, all, 0, some.length);
    System.arraycopy(more, 0, all, some.length, more.length);
    return all;
  }
}

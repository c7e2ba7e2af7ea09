package io.vitrine.console.about;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.File;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/** The table of components says what is really there. */
class ComponentTest {
  private static final Pattern JAR =
      Pattern.compile(
          "(.+?)-(\\d[^-]*(?:-jre|-\\d+|-empty-to-avoid-conflict-with-guava)?)"
              + "(?:-(?:linux|win|mac).*)?\\.jar");

  /** On the class path of tests, and not shipped. */
  private static final Pattern TESTS =
      Pattern.compile(
          "(?:junit|archunit|testfx|assertj|awaitility|hamcrest|byte-buddy|opentest4j|apiguardian"
              + "|openjfx-monocle|org\\.osgi|surefire|maven|common-java5|jazzer|jmh).*");

  /** Shipped, and no jar of its own. */
  private static final Set<String> FONTS = Set.of("Pretendard");

  @Test
  void everyShippedJarIsInTheTableWithItsVersion() {
    Map<String, String> table = new TreeMap<>();
    Component.all().forEach(c -> table.put(c.name(), c.version()));
    FONTS.forEach(table::remove);

    assertThat(table).isEqualTo(shipped());
  }

  @Test
  void everyComponentHasALicenceAndAHome() {
    assertThat(Component.all())
        .allSatisfy(
            c -> {
              assertThat(c.licence()).matches("[A-Za-z0-9. -]+");
              assertThat(c.home()).startsWith("https://");
            });
    assertThat(Component.all()).extracting(Component::name).doesNotHaveDuplicates();
  }

  private static Map<String, String> shipped() {
    Map<String, String> jars = new TreeMap<>();
    Set<String> unread = new TreeSet<>();
    for (String entry : System.getProperty("java.class.path").split(File.pathSeparator)) {
      String name = Path.of(entry).getFileName().toString();
      if (!name.endsWith(".jar") || isOurs(name) || TESTS.matcher(name).matches()) {
        continue;
      }
      Matcher jar = JAR.matcher(name);
      if (jar.matches()) {
        jars.put(jar.group(1), jar.group(2));
      } else {
        unread.add(name);
      }
    }
    assertThat(unread).isEmpty();
    return jars;
  }

  private static boolean isOurs(String jar) {
    return jar.matches("(?:protocol|storage|cluster-runtime|console-ui)-.*");
  }
}

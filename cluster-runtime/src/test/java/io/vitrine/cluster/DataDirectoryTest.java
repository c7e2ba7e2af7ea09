package io.vitrine.cluster;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;

class DataDirectoryTest {
  @Test
  void eachSystemHasItsPlace() {
    assertThat(DataDirectory.of("Linux", "/home/a", Map.of()))
        .isEqualTo(Path.of("/home/a/.local/share/vitrine"));
    assertThat(DataDirectory.of("Linux", "/home/a", Map.of("XDG_DATA_HOME", "/data")))
        .isEqualTo(Path.of("/data/vitrine"));
    assertThat(DataDirectory.of("Mac OS X", "/Users/a", Map.of()))
        .isEqualTo(Path.of("/Users/a/Library/Application Support/Vitrine"));
    assertThat(DataDirectory.of("Windows 11", "/a", Map.of("LOCALAPPDATA", "/a/Local")))
        .isEqualTo(Path.of("/a/Local/Vitrine"));
  }
}

package io.vitrine.console;

import static org.assertj.core.api.Assertions.assertThat;

import io.vitrine.console.home.Connection;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SavedPlacesTest {
  @TempDir private Path directory;

  @Test
  void clustersAndFoldersAreThereAtTheNextStart() throws Exception {
    Path file = directory.resolve("new").resolve("connections.properties");
    SavedPlaces saved = new SavedPlaces(file);
    Connection staging =
        new Connection("staging", "a:9092,b:9092", "zk:2181/kafka", "c.properties");
    saved.keep(staging);
    saved.keep(new Connection("", "z:1", "", ""));
    saved.keep(new Connection("", "z:1", "", "other"));
    saved.keep(Path.of("/first"));
    saved.keep(Path.of("/second"));
    saved.keep(Path.of("/first"));
    saved.save();

    SavedPlaces again = new SavedPlaces(file);
    assertThat(again.connections())
        .containsExactly(staging, new Connection("z:1", "z:1", "", "other"));
    assertThat(again.folders()).containsExactly(Path.of("/first"), Path.of("/second"));
    again.forget(staging);
    again.save();
    assertThat(new SavedPlaces(file).connections()).hasSize(1);
  }

  @Test
  void onlySoManyFoldersAreKept() {
    SavedPlaces saved = new SavedPlaces(directory.resolve("connections.properties"));
    for (int i = 0; i < 20; i++) {
      saved.keep(Path.of("/folder-" + i));
    }
    assertThat(saved.folders()).hasSize(8).startsWith(Path.of("/folder-19"));
  }

  @Test
  void aFileThatIsNoneCountsAsEmpty() throws Exception {
    Path file = Files.writeString(directory.resolve("connections.properties"), "\\u00zz");

    assertThat(new SavedPlaces(file).connections()).isEmpty();
    assertThat(new SavedPlaces(file).folders()).isEmpty();
  }
}

package io.vitrine.console;

import io.vitrine.cluster.testing.SampleSnapshots;
import io.vitrine.cluster.testing.SampleSnapshots.Chapter;
import io.vitrine.console.axis.AxisModel;
import io.vitrine.console.live.Selection;
import io.vitrine.console.live.SnapshotFeed;
import io.vitrine.console.live.Work;
import io.vitrine.console.metric.MetricRecorder;
import io.vitrine.console.setting.ConsoleSettings;
import io.vitrine.console.setting.ConsoleSettings.Dress;
import io.vitrine.console.shell.ConsoleWindow;
import io.vitrine.console.shell.Invitation;
import io.vitrine.console.testing.FakeCluster;
import io.vitrine.console.testing.FakeConnections;
import io.vitrine.console.testing.KeptPins;
import io.vitrine.console.testing.KeptTrail;
import io.vitrine.console.theme.Theme;
import java.nio.file.Path;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.scene.Scene;

/** A whole console on a told story, with its clock standing still. JavaFX thread only. */
final class ConsoleFixture implements ConsoleWindow.Host {
  final FakeCluster cluster = new FakeCluster();
  final Selection selection = new Selection();
  final SnapshotFeed feed = new SnapshotFeed(cluster, Runnable::run, cluster::nanos);
  final List<String> asked = new ArrayList<>();
  final List<ConsoleSettings> wanted = new ArrayList<>();
  final MetricRecorder recorder = new MetricRecorder(cluster);
  final FakeConnections connections = new FakeConnections();
  final ConsoleWindow window;
  final Scene scene;

  ConsoleFixture(
      Locale locale, Theme.Kind kind, double width, double height, boolean invited, String view) {
    Theme theme = Theme.of(kind);
    AxisModel happened = new AxisModel();
    feed.follow(frame -> frame.events().forEach(happened::apply));
    window =
        new ConsoleWindow(
            cluster,
            feed,
            selection,
            Runnable::run,
            Runnable::run,
            theme,
            locale,
            ZoneOffset.UTC,
            invited ? Optional.of(new Invitation()) : Optional.empty(),
            view,
            new ConsoleViews(
                locale,
                theme,
                ZoneOffset.UTC,
                selection,
                false,
                happened,
                new Work(Runnable::run, Runnable::run),
                surroundings(locale, kind)),
            this);
    scene = new Scene(window.root(), width, height);
    theme.apply(scene);
    feed.resume();
  }

  /** A console whose audit log is what was asked. */
  private Surroundings surroundings(Locale locale, Theme.Kind kind) {
    return new Surroundings(
        new ConsoleSettings(
            locale, kind == Theme.Kind.DARK ? Dress.DARK : Dress.LIGHT, false, true),
        wanted::add,
        Path.of("/home/operator/.local/share/vitrine"),
        new KeptTrail(asked),
        recorder,
        new KeptPins(),
        connections);
  }

  /** Tells the story up to the end of this chapter. */
  ConsoleFixture tell(Chapter chapter) {
    cluster.tell(SampleSnapshots.events(chapter));
    return this;
  }

  @Override
  public void switchLanguage() {
    asked.add("language");
  }

  @Override
  public void switchTheme() {
    asked.add("theme");
  }

  @Override
  public void invitationSkipped() {
    asked.add("skip");
  }

  @Override
  public void viewed(String viewId) {
    asked.add("view " + viewId);
  }

  @Override
  public void audit(String commandLine) {
    asked.add("audit " + commandLine);
  }
}

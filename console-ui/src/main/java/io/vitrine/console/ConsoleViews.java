package io.vitrine.console;

import io.vitrine.cluster.Capability;
import io.vitrine.console.about.AboutView;
import io.vitrine.console.audit.AuditView;
import io.vitrine.console.axis.AxisModel;
import io.vitrine.console.axis.AxisPane;
import io.vitrine.console.cluster.ClusterFacts;
import io.vitrine.console.cluster.ClusterView;
import io.vitrine.console.control.CommandPalette;
import io.vitrine.console.control.FileAsker;
import io.vitrine.console.controller.ControllerScreen;
import io.vitrine.console.data.DataView;
import io.vitrine.console.group.GroupFacts;
import io.vitrine.console.group.GroupsView;
import io.vitrine.console.home.HomeView;
import io.vitrine.console.lane.LaneView;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.FactsSource;
import io.vitrine.console.live.Screen;
import io.vitrine.console.live.Selection;
import io.vitrine.console.live.TimeMachine;
import io.vitrine.console.live.Work;
import io.vitrine.console.metric.MetricsView;
import io.vitrine.console.partition.PartitionFacts;
import io.vitrine.console.partition.PartitionView;
import io.vitrine.console.reference.ReferenceView;
import io.vitrine.console.request.RequestsView;
import io.vitrine.console.setting.SettingsView;
import io.vitrine.console.shell.ConsoleWindow;
import io.vitrine.console.storage.StorageFacts;
import io.vitrine.console.storage.StorageView;
import io.vitrine.console.text.Messages;
import io.vitrine.console.theme.Theme;
import io.vitrine.console.zookeeper.ZooKeeperScreen;
import java.time.InstantSource;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import org.kordamp.ikonli.feather.Feather;

/** Makes the views of a window: the one place that knows them all. */
final class ConsoleViews implements ConsoleWindow.Factory {
  private final Locale locale;
  private final Theme theme;
  private final ZoneId zone;
  private final Selection selection;
  private final boolean motion;
  private final AxisModel happened;
  private final Work work;
  private final Surroundings surroundings;
  private final Messages texts;
  private ReferenceView reference;

  /**
   * @param motion whether streams may move
   * @param happened what the time axis shows
   * @param work what views do off the JavaFX thread
   * @param surroundings the console itself
   */
  ConsoleViews(
      Locale locale,
      Theme theme,
      ZoneId zone,
      Selection selection,
      boolean motion,
      AxisModel happened,
      Work work,
      Surroundings surroundings) {
    this.happened = happened;
    this.locale = locale;
    this.theme = theme;
    this.zone = zone;
    this.selection = selection;
    this.motion = motion;
    this.work = work;
    this.surroundings = surroundings;
    this.texts = Messages.of(ConsoleViews.class, locale);
  }

  @Override
  public List<ConsoleWindow.View> views(Desk desk) {
    return List.of(
        new ConsoleWindow.View(
            "home",
            texts.get("home"),
            Feather.HOME,
            new HomeView(
                locale, selection, desk, surroundings.connections(), surroundings.dataDirectory())),
        new ConsoleWindow.View(
            "cluster",
            texts.get("cluster"),
            Feather.SERVER,
            new ClusterView(locale, theme, selection, desk, motion)),
        new ConsoleWindow.View(
            "partition",
            texts.get("partitions"),
            Feather.LIST,
            new PartitionView(locale, theme, selection, desk)),
        new ConsoleWindow.View(
            "lane",
            texts.get("lanes"),
            Feather.ALIGN_LEFT,
            desk.may(Capability.SEE_REPLICAS)
                ? new LaneView(locale, theme, selection, desk)
                : unknown("lane-view", "lanes")),
        new ConsoleWindow.View(
            "storage",
            texts.get("storage"),
            Feather.HARD_DRIVE,
            new StorageView(locale, theme, zone, selection, desk, work)),
        new ConsoleWindow.View(
            "controller",
            texts.get("controller"),
            Feather.COMMAND,
            desk.may(Capability.SEE_CONTROLLER)
                ? new ControllerScreen(locale, theme, zone, selection, desk)
                : unknown("controller-view", "controller")),
        new ConsoleWindow.View(
            "request",
            texts.get("requests"),
            Feather.ACTIVITY,
            desk.may(Capability.SEE_REQUESTS)
                ? new RequestsView(locale, theme, zone, selection, desk, motion, work.another())
                : unknown("requests-view", "requests")),
        new ConsoleWindow.View(
            "data",
            texts.get("data"),
            Feather.DATABASE,
            new DataView(locale, zone, InstantSource.system(), selection, desk, work.another())),
        new ConsoleWindow.View(
            "group", texts.get("groups"), Feather.USERS, new GroupsView(locale, zone, selection)),
        new ConsoleWindow.View(
            "zookeeper",
            texts.get("zookeeper"),
            Feather.GIT_BRANCH,
            new ZooKeeperScreen(locale, zone, selection, desk)),
        new ConsoleWindow.View(
            "metric",
            texts.get("metrics"),
            Feather.BAR_CHART_2,
            new MetricsView(
                locale,
                theme,
                zone,
                selection,
                work.another(),
                surroundings.metrics(),
                surroundings.pins())));
  }

  private Screen unknown(String id, String view) {
    return new UnknownScreen(
        id, theme, texts.get(view), texts.get("unknown-" + view), texts.get("unknown-hint"));
  }

  @Override
  public List<ConsoleWindow.View> footViews(Desk desk) {
    reference = new ReferenceView(locale, desk);
    return List.of(
        new ConsoleWindow.View(
            "audit",
            texts.get("audit"),
            Feather.FILE_TEXT,
            new AuditView(locale, zone, surroundings.audit(), work.another(), desk),
            true),
        new ConsoleWindow.View(
            ReferenceView.ID, texts.get("reference"), Feather.BOOK_OPEN, reference, true),
        new ConsoleWindow.View(
            "settings",
            texts.get("settings"),
            Feather.SETTINGS,
            new SettingsView(
                surroundings.settings(), surroundings.change(), surroundings.dataDirectory(), desk),
            true),
        new ConsoleWindow.View(
            "about", texts.get("about"), Feather.INFO, new AboutView(locale, desk), true));
  }

  /** Words and settings; none before the views are made. */
  @Override
  public List<CommandPalette.Entry> lookUps() {
    return reference == null ? List.of() : reference.entries().all();
  }

  @Override
  public List<FactsSource> facts(Desk desk) {
    return List.of(
        new ClusterFacts(locale),
        new PartitionFacts(locale, selection, desk),
        new StorageFacts(locale),
        new GroupFacts(locale));
  }

  @Override
  public ConsoleWindow.Axis axis(TimeMachine machine) {
    AxisPane axis =
        new AxisPane(
            locale, theme, zone, selection, happened, machine, work.another(), FileAsker.dialogs());
    return new ConsoleWindow.Axis(
        axis, axis::show, axis::step, axis::play, axis::backToNow, axis::export, axis::close);
  }
}

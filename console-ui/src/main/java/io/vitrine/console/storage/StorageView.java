package io.vitrine.console.storage;

import io.vitrine.cluster.Capability;
import io.vitrine.console.control.Pill;
import io.vitrine.console.live.Desk;
import io.vitrine.console.live.Frame;
import io.vitrine.console.live.Screen;
import io.vitrine.console.live.Selection;
import io.vitrine.console.live.Work;
import io.vitrine.console.text.Messages;
import io.vitrine.console.text.Quantities;
import io.vitrine.console.theme.Theme;
import io.vitrine.console.theme.Theme.Token;
import io.vitrine.storage.inspect.PartitionView;
import java.io.File;
import java.time.ZoneId;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import javafx.scene.Node;
import javafx.scene.control.Button;
import javafx.scene.control.ComboBox;
import javafx.scene.control.Label;
import javafx.scene.control.Tooltip;
import javafx.scene.layout.HBox;
import javafx.scene.layout.Priority;
import javafx.scene.layout.Region;
import javafx.scene.layout.StackPane;
import javafx.scene.layout.VBox;
import javafx.stage.DirectoryChooser;
import javafx.util.StringConverter;

/** Log directories down to the byte. JavaFX thread only. */
public final class StorageView implements Screen {
  private final Messages texts;
  private final Selection selection;
  private final Desk desk;
  private final StorageModel model;
  private final BytesPane bytes;
  private final DirectoryPage directory;
  private final PartitionPage partition;
  private final FindPane find;
  private final RetentionPane retention;
  private final ComboBox<LogPlace> places = new ComboBox<>();
  private final Tooltip path = new Tooltip();
  private final Button back = new Button();
  private final Label title = new Label();
  private final Pill pill = new Pill();
  private final Label said = new Label();
  private final VBox content = new VBox(12);
  private final StackPane pages = new StackPane();
  private final StackPane root = new StackPane();
  private Frame frame;
  private boolean updating;

  /**
   * The view; it begins with the first broker's directory.
   *
   * @param work reads files
   */
  public StorageView(
      Locale locale, Theme theme, ZoneId zone, Selection selection, Desk desk, Work work) {
    this.texts = Messages.of(StorageView.class, locale);
    Quantities quantities = new Quantities(locale);
    this.selection = selection;
    this.desk = desk;
    this.model = new StorageModel(work.another(), this::draw);
    this.bytes = new BytesPane(texts, quantities, theme, work.another());
    this.directory =
        new DirectoryPage(
            texts,
            quantities,
            p -> {
              model.choose(p);
              tell(p);
            });
    this.find = new FindPane(texts, theme, zone, work.another(), this::seen);
    this.retention = new RetentionPane(texts, quantities, zone, desk, this::cut);
    this.partition =
        new PartitionPage(
            texts,
            quantities,
            theme,
            zone,
            model,
            desk,
            bytes,
            List.of(
                find,
                retention,
                new CompactionPane(
                    texts, quantities, theme, zone, work.another(), desk, this::seen),
                new CheckpointPane(texts, quantities)));
    root.setId("storage-view");
    root.getStyleClass().add("page");
    said.getStyleClass().add("muted");
    said.setId("storage-said");
    said.setWrapText(true);
    pages.getChildren().addAll(directory, partition, said);
    VBox.setVgrow(pages, Priority.ALWAYS);
    content.getChildren().addAll(head(), pages);
    root.getChildren().add(content);
    selection.subscribe(this::chosen);
  }

  @Override
  public Node node() {
    return root;
  }

  @Override
  public boolean showsThePresent() {
    return true;
  }

  @Override
  public void show(Frame next) {
    boolean first = frame == null;
    frame = next;
    model.take(next, desk.may(Capability.SEE_FILES));
    if (first) {
      chosen(selection.item());
    }
    draw();
  }

  @Override
  public void focusFilter() {
    if (model.inPartition()) {
      places.requestFocus();
    } else {
      directory.focusFilter();
    }
  }

  @Override
  public void goTo() {
    if (model.inPartition()) {
      partition.open(find.key());
      find.focusField();
    }
  }

  @Override
  public Optional<String> explain() {
    return model
        .detail()
        .map(
            d ->
                partition
                    .explain()
                    .orElseGet(
                        () ->
                            texts.get(
                                "explain",
                                d.partition().inUse().size(),
                                d.active()
                                    .map(s -> s.log().getFileName().toString())
                                    .orElse("–"))));
  }

  @Override
  public List<Key> keys() {
    return List.of(
        new Key("G", texts.get("key-find")),
        new Key("← →", texts.get("key-arrows")),
        new Key("Enter", texts.get("key-enter")));
  }

  // ---- building --------------------------------------------------------------------------------

  private Node head() {
    Label name = new Label(texts.get("title"));
    name.getStyleClass().add("title");
    name.setMinWidth(Region.USE_PREF_SIZE);
    places.setId("storage-place");
    places.setAccessibleText(texts.get("place"));
    places.setPrefWidth(230);
    places.setTooltip(path);
    places.setConverter(
        new StringConverter<>() {
          @Override
          public String toString(LogPlace place) {
            return place == null ? "" : name(place);
          }

          @Override
          public LogPlace fromString(String text) {
            throw new UnsupportedOperationException("places are chosen, not written");
          }
        });
    places
        .valueProperty()
        .addListener(
            (o, before, place) -> {
              if (place != null && !updating) {
                model.open(place);
              }
            });
    back.setId("storage-back");
    back.setText(texts.get("back"));
    back.getStyleClass().addAll("compact", "quiet");
    back.setMinWidth(Region.USE_PREF_SIZE);
    back.setOnAction(e -> model.closePartition());
    title.getStyleClass().add("heading");
    title.setId("storage-partition");
    Region spring = new Region();
    HBox.setHgrow(spring, Priority.ALWAYS);
    Button reload = new Button(texts.get("reload"));
    reload.setId("storage-reload");
    reload.getStyleClass().add("compact");
    reload.setMinWidth(Region.USE_PREF_SIZE);
    reload.setOnAction(e -> model.reload());
    Button folder = new Button(texts.get("open-folder"));
    folder.setId("storage-open-folder");
    folder.getStyleClass().add("compact");
    folder.setMinWidth(Region.USE_PREF_SIZE);
    folder.setOnAction(e -> askForFolder());
    HBox head = new HBox(10, name, places, back, title, pill, spring, reload, folder);
    head.getStyleClass().add("toolbar");
    return head;
  }

  private String name(LogPlace place) {
    return place.isFolder()
        ? texts.get("place-folder", String.valueOf(place.path().getFileName()))
        : texts.get(
            "place-broker",
            Integer.toString(place.brokerId()),
            String.valueOf(place.path().getFileName()));
  }

  private void askForFolder() {
    DirectoryChooser chooser = new DirectoryChooser();
    chooser.setTitle(texts.get("open-folder"));
    File chosen = chooser.showDialog(root.getScene().getWindow());
    if (chosen != null) {
      selection.choose(new Selection.Folder(chosen.toPath()));
    }
  }

  // ---- showing ---------------------------------------------------------------------------------

  private void draw() {
    if (frame == null) {
      return;
    }
    places();
    state();
  }

  /** The places to choose from; untouched while they are the same, however full their disks are. */
  private void places() {
    List<LogPlace> now = model.places();
    List<LogPlace> items = places.getItems();
    boolean same = now.size() == items.size();
    for (int i = 0; same && i < now.size(); i++) {
      same = now.get(i).same(items.get(i));
    }
    updating = true;
    try {
      if (!same) {
        items.clear();
        items.addAll(now);
      }
      LogPlace place =
          model.place().flatMap(p -> items.stream().filter(p::same).findFirst()).orElse(null);
      places.setValue(place);
      path.setText(place == null ? "" : place.path().toString());
    } finally {
      updating = false;
    }
  }

  private void state() {
    PartitionDetail detail = model.detail().orElse(null);
    StorageModel.State state = model.state();
    boolean inside = model.inPartition();
    boolean read = state instanceof StorageModel.Read;
    directory.setVisible(!inside && read);
    partition.setVisible(inside && detail != null);
    String words = "";
    if (inside && detail == null) {
      words =
          model.trouble().isEmpty()
              ? texts.get("reading")
              : texts.get("partition-unreadable", model.trouble());
    } else if (!inside && state instanceof StorageModel.Unreadable unreadable) {
      words = texts.get("unreadable", unreadable.reason());
    } else if (!inside && !read) {
      words =
          texts.get(
              state instanceof StorageModel.Reading
                  ? "reading"
                  : desk.may(Capability.SEE_FILES) ? "nothing" : "elsewhere");
    }
    said.setText(words);
    said.setVisible(!words.isEmpty());
    back.setVisible(inside);
    back.setManaged(inside);
    title.setText(detail == null ? "" : detail.partition().name());
    boolean folder = model.place().filter(LogPlace::isFolder).isPresent();
    boolean offline = model.place().filter(p -> !p.online()).isPresent();
    pill.setVisible(model.place().isPresent());
    pill.show(
        texts.get(offline ? "pill-offline" : folder ? "pill-folder" : "pill-live"),
        offline ? Token.BAD : folder ? Token.IDLE : Token.OK);
    if (state instanceof StorageModel.Read open) {
      model.place().ifPresent(place -> directory.show(open.directory(), place));
    }
    if (detail != null) {
      partition.show(detail, frame);
      retention.show(detail, frame);
    }
  }

  /** Shows what another part of the view has found in a segment. */
  private void seen(long segment, long position) {
    model.chooseSegment(segment);
    if (position >= 0) {
      bytes.model().choose(position);
    }
  }

  private void cut(int segments, String text) {
    partition.cut(segments, text);
  }

  private void chosen(Selection.Item item) {
    if (frame == null) {
      return;
    }
    if (item instanceof Selection.Partition partition) {
      model.choose(partition.id(), frame);
    } else if (item instanceof Selection.Folder folder) {
      model.openFolder(folder.path());
    }
  }

  /** Every other view hears which partition of the cluster is looked at. */
  private void tell(PartitionView looked) {
    boolean live = model.place().filter(p -> !p.isFolder()).isPresent();
    if (live && looked.kind() == PartitionView.Kind.LOG) {
      selection.choose(new Selection.Partition(StorageModel.id(looked)));
    }
  }
}

package io.vitrine.storage.testing;

import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.file.RealFiles;
import io.vitrine.storage.file.StoredFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * Real files that remember what was forced to the device, for small files.
 *
 * <p>When the power goes, each file keeps what was synced and, as chance has it, the first of the
 * changes after that, the next one in part, or the length of all of them with zeros for bytes. A
 * new file or a deletion holds for certain once the directory is synced; renames sync it. Safe from
 * any thread.
 */
public final class PowerLossFiles implements FileAccess {
  private final FileAccess inner = new RealFiles();
  private final Map<Path, History> present = new TreeMap<>();
  private final Map<Path, History> deleted = new TreeMap<>();

  /** A write, or a new length when there are no bytes. */
  private record Change(long position, byte[] bytes) {
    byte[] applied(byte[] before, int count) {
      if (bytes == null) {
        return Arrays.copyOf(before, (int) position);
      }
      byte[] after =
          count == 0 ? before : Arrays.copyOf(before, Math.max(before.length, end(count)));
      System.arraycopy(bytes, 0, after, (int) position, count);
      return after;
    }

    byte[] applied(byte[] before) {
      return applied(before, bytes == null ? 0 : bytes.length);
    }

    private int end(int count) {
      return (int) position + count;
    }
  }

  private static final class History {
    private byte[] synced;
    private boolean named;
    private final List<Change> since = new ArrayList<>();

    History(byte[] synced, boolean named) {
      this.synced = synced;
      this.named = named;
    }

    void sync() {
      synced = all();
      since.clear();
    }

    byte[] all() {
      byte[] content = synced.clone();
      for (Change change : since) {
        content = change.applied(content);
      }
      return content;
    }

    byte[] survivor(Random random) {
      int whole = random.nextInt(since.size() + 1);
      byte[] content = synced.clone();
      for (Change change : since.subList(0, whole)) {
        content = change.applied(content);
      }
      if (whole < since.size() && since.get(whole).bytes != null) {
        Change torn = since.get(whole);
        content = torn.applied(content, random.nextInt(torn.bytes.length + 1));
      }
      int length = all().length;
      return length > content.length && random.nextInt(4) == 0
          ? Arrays.copyOf(content, length)
          : content;
    }
  }

  /** Leaves on the disk what a power loss now would leave; nothing may be open any more. */
  public synchronized void losePower(Random random) throws IOException {
    for (Map.Entry<Path, History> each : deleted.entrySet()) {
      if (random.nextBoolean() && Files.isDirectory(each.getKey().getParent())) {
        Files.write(each.getKey(), each.getValue().survivor(random));
      }
    }
    for (Map.Entry<Path, History> each : present.entrySet()) {
      if (each.getValue().named || random.nextBoolean()) {
        Files.write(each.getKey(), each.getValue().survivor(random));
      } else {
        Files.deleteIfExists(each.getKey());
      }
    }
    present.clear();
    deleted.clear();
  }

  private synchronized History history(Path file) throws IOException {
    History known = present.get(file);
    if (known == null) {
      boolean there = Files.exists(file);
      known = new History(there ? Files.readAllBytes(file) : new byte[0], there);
      present.put(file, known);
      deleted.remove(file);
    }
    return known;
  }

  private synchronized void note(History history, Change change) {
    history.since.add(change);
  }

  private synchronized void noteSync(History history) {
    history.sync();
  }

  private synchronized void noteDirectory(Path directory) {
    present.forEach(
        (file, history) -> {
          if (file.getParent().equals(directory)) {
            history.named = true;
          }
        });
    deleted.keySet().removeIf(file -> file.getParent().equals(directory));
  }

  private synchronized void noteRename(Path from, Path to) throws IOException {
    if (Files.isDirectory(from)) {
      throw new IOException("a directory is not renamed here: " + from);
    }
    History moved = history(from);
    present.remove(from);
    present.put(to, moved);
  }

  private synchronized void noteDelete(Path file) throws IOException {
    if (Files.isRegularFile(file)) {
      deleted.put(file, history(file));
      present.remove(file);
    }
  }

  @Override
  public StoredFile open(Path file) throws IOException {
    History history = history(file);
    return new Remembered(inner.open(file), history);
  }

  @Override
  public byte[] readSmall(Path file, int maxBytes) throws IOException {
    return inner.readSmall(file, maxBytes);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    noteRename(from, to);
    inner.rename(from, to);
    noteDirectory(to.getParent());
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    inner.syncDirectory(directory);
    noteDirectory(directory);
  }

  @Override
  public void delete(Path path) throws IOException {
    noteDelete(path);
    inner.delete(path);
  }

  @Override
  public boolean exists(Path path) {
    return inner.exists(path);
  }

  @Override
  public boolean isDirectory(Path path) {
    return inner.isDirectory(path);
  }

  @Override
  public List<Path> list(Path directory) throws IOException {
    return inner.list(directory);
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    inner.createDirectories(directory);
  }

  @Override
  public long lastModifiedMs(Path file) throws IOException {
    return inner.lastModifiedMs(file);
  }

  @Override
  public void setLastModifiedMs(Path file, long ms) throws IOException {
    inner.setLastModifiedMs(file, ms);
  }

  @Override
  public AutoCloseable lock(Path directory) throws IOException {
    return inner.lock(directory);
  }

  private final class Remembered implements StoredFile {
    private final StoredFile stored;
    private final History history;

    Remembered(StoredFile stored, History history) {
      this.stored = stored;
      this.history = history;
    }

    @Override
    public long size() throws IOException {
      return stored.size();
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      byte[] bytes = new byte[source.remaining()];
      source.duplicate().get(bytes);
      note(history, new Change(position, bytes));
      stored.write(source, position);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      return stored.read(target, position);
    }

    @Override
    public void resize(long size) throws IOException {
      note(history, new Change(size, null));
      stored.resize(size);
    }

    @Override
    public void sync() throws IOException {
      stored.sync();
      noteSync(history);
    }

    @Override
    public FileChannel channel() {
      return stored.channel();
    }

    @Override
    public void close() throws IOException {
      stored.close();
    }
  }
}

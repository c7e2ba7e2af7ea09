package io.vitrine.storage.file;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicLong;

/**
 * Files with faults planned into them, for tests and for whoever wants to see what happens.
 *
 * <p>Faults can be planned and taken back at any time from any thread. Without one, each step costs
 * one look at an empty list. Transfers from a file straight to a socket are not befallen.
 */
public final class FaultyFiles implements FileAccess {
  /** Waits on the calling thread. */
  public interface Sleeper {
    void sleep(Duration time) throws InterruptedException;
  }

  /** Told of every hit, on the thread it happens on; an implementation only hands over. */
  public interface Listener {
    void hit(FileFault fault, FileOperation operation, Path file);
  }

  private final FileAccess inner;
  private final Sleeper sleeper;
  private final Listener listener;
  private final CopyOnWriteArrayList<Planned> faults = new CopyOnWriteArrayList<>();
  private volatile boolean stopped;

  public FaultyFiles(FileAccess inner, Sleeper sleeper, Listener listener) {
    this.inner = inner;
    this.sleeper = sleeper;
    this.listener = listener;
  }

  /** A fault in force; closing it takes it back. */
  public final class Planned implements AutoCloseable {
    private final FileFault fault;
    private final AtomicLong seen = new AtomicLong();
    private final AtomicLong hits = new AtomicLong();
    private final AtomicLong free;

    private Planned(FileFault fault) {
      this.fault = fault;
      this.free =
          new AtomicLong(fault.effect() instanceof FileFault.DiskFull full ? full.freeBytes() : 0);
    }

    /** Steps the fault could have befallen so far. */
    public long seen() {
      return seen.get();
    }

    /** Steps it has befallen. */
    public long hits() {
      return hits.get();
    }

    @Override
    public void close() {
      faults.remove(this);
    }

    /** Whether this step is one to be hit. */
    private boolean strikes(FileOperation operation, Path file) {
      if (!fault.operations().contains(operation) || !fault.files().test(file)) {
        return false;
      }
      long number = seen.incrementAndGet();
      return number >= fault.first() && number - fault.first() < fault.count();
    }
  }

  /** Plans a fault. */
  public Planned plan(FileFault fault) {
    Planned planned = new Planned(fault);
    faults.add(planned);
    return planned;
  }

  /** Takes all faults back; a stop as well. */
  public void heal() {
    faults.clear();
    stopped = false;
  }

  // ---- steps ---------------------------------------------------------------------------------

  /** Lets a step pass, waits, or fails. */
  private void before(FileOperation operation, Path file) throws IOException {
    failIfStopped(file);
    for (Planned planned : faults) {
      FileFault.Effect effect = planned.fault.effect();
      if (!(effect instanceof FileFault.DiskFull) && planned.strikes(operation, file)) {
        strike(planned, operation, file);
      }
    }
  }

  private void strike(Planned planned, FileOperation operation, Path file) throws IOException {
    planned.hits.incrementAndGet();
    listener.hit(planned.fault, operation, file);
    FileFault.Effect effect = planned.fault.effect();
    if (effect instanceof FileFault.Slow slow) {
      pause(slow, file);
    } else if (effect instanceof FileFault.Fail fail) {
      throw new IOException(file + ": " + fail.message());
    } else if (effect instanceof FileFault.Torn torn) {
      throw new TornException(file, torn.bytes());
    } else {
      stopped = true;
      failIfStopped(file);
    }
  }

  private void failIfStopped(Path file) throws IOException {
    if (stopped) {
      throw new IOException(file + ": stopped");
    }
  }

  private void pause(FileFault.Slow slow, Path file) throws IOException {
    try {
      sleeper.sleep(slow.by());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException(file + ": interrupted", e);
    }
  }

  private static final class TornException extends IOException {
    private static final long serialVersionUID = 1L;
    private final int bytes;

    TornException(Path file, int bytes) {
      super(file + ": torn after " + bytes + " bytes");
      this.bytes = bytes;
    }
  }

  /** How many of the bytes a file is to grow by there is space for. */
  private int roomFor(long growth, Path file) {
    long room = growth;
    for (Planned planned : faults) {
      if (planned.fault.effect() instanceof FileFault.DiskFull
          && planned.strikes(FileOperation.WRITE, file)) {
        long free = planned.free.getAndAdd(-growth);
        if (free < growth) {
          planned.free.set(Math.min(0, free - growth));
          planned.hits.incrementAndGet();
          listener.hit(planned.fault, FileOperation.WRITE, file);
          room = Math.min(room, Math.max(0, free));
        }
      }
    }
    return (int) room;
  }

  // ---- files ---------------------------------------------------------------------------------

  @Override
  public StoredFile open(Path file) throws IOException {
    before(FileOperation.OPEN, file);
    return new FaultyFile(inner.open(file), file);
  }

  @Override
  public byte[] readSmall(Path file, int maxBytes) throws IOException {
    before(FileOperation.READ, file);
    return inner.readSmall(file, maxBytes);
  }

  @Override
  public void rename(Path from, Path to) throws IOException {
    before(FileOperation.RENAME, from);
    inner.rename(from, to);
  }

  @Override
  public void syncDirectory(Path directory) throws IOException {
    before(FileOperation.SYNC, directory);
    inner.syncDirectory(directory);
  }

  @Override
  public void delete(Path path) throws IOException {
    before(FileOperation.DELETE, path);
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
    before(FileOperation.READ, directory);
    return inner.list(directory);
  }

  @Override
  public void createDirectories(Path directory) throws IOException {
    before(FileOperation.OPEN, directory);
    inner.createDirectories(directory);
  }

  @Override
  public long lastModifiedMs(Path file) throws IOException {
    return inner.lastModifiedMs(file);
  }

  @Override
  public void setLastModifiedMs(Path file, long ms) throws IOException {
    failIfStopped(file);
    inner.setLastModifiedMs(file, ms);
  }

  @Override
  public AutoCloseable lock(Path directory) throws IOException {
    return inner.lock(directory);
  }

  private final class FaultyFile implements StoredFile {
    private final StoredFile stored;
    private final Path path;

    FaultyFile(StoredFile stored, Path path) {
      this.stored = stored;
      this.path = path;
    }

    @Override
    public long size() throws IOException {
      return stored.size();
    }

    @Override
    public void write(ByteBuffer source, long position) throws IOException {
      if (!stopped && faults.isEmpty()) {
        stored.write(source, position);
        return;
      }
      try {
        before(FileOperation.WRITE, path);
      } catch (TornException e) {
        part(source, position, Math.min(e.bytes, source.remaining()));
        throw e;
      }
      long growth = Math.max(0, position + source.remaining() - stored.size());
      int room = roomFor(growth, path);
      if (room < growth) {
        part(source, position, (int) (source.remaining() - growth + room));
        throw new IOException(path + ": No space left on device");
      }
      stored.write(source, position);
    }

    private void part(ByteBuffer source, long position, int bytes) throws IOException {
      stored.write(source.slice(source.position(), bytes), position);
    }

    @Override
    public int read(ByteBuffer target, long position) throws IOException {
      before(FileOperation.READ, path);
      return stored.read(target, position);
    }

    @Override
    public void resize(long size) throws IOException {
      before(FileOperation.RESIZE, path);
      stored.resize(size);
    }

    @Override
    public void sync() throws IOException {
      before(FileOperation.SYNC, path);
      stored.sync();
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

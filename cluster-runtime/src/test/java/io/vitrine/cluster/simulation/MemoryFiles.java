package io.vitrine.cluster.simulation;

import io.vitrine.storage.file.FileAccess;
import io.vitrine.storage.file.StoredFile;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;

/**
 * A disk in memory. What was written survives the crash of a process, as the page cache does.
 *
 * <p>Safe from any thread: logs are opened on threads of their own.
 */
public final class MemoryFiles implements FileAccess {
  private final Map<Path, Content> files = new TreeMap<>();
  private final Set<Path> directories = new TreeSet<>();

  private static final class Content {
    private byte[] bytes = new byte[256];
    private int size;
    private long modifiedMs;
  }

  @Override
  public synchronized StoredFile open(Path file) {
    return new Opened(files.computeIfAbsent(file, f -> new Content()));
  }

  @Override
  public synchronized byte[] readSmall(Path file, int maxBytes) throws IOException {
    Content content = files.get(file);
    if (content == null) {
      throw new IOException("no file " + file);
    }
    if (content.size > maxBytes) {
      throw new IOException(file + " is too large");
    }
    return Arrays.copyOf(content.bytes, content.size);
  }

  @Override
  public synchronized void rename(Path from, Path to) throws IOException {
    if (files.containsKey(from)) {
      files.put(to, files.remove(from));
      return;
    }
    if (!directories.remove(from)) {
      throw new IOException("nothing at " + from);
    }
    directories.add(to);
    for (Path file : List.copyOf(files.keySet())) {
      if (file.startsWith(from)) {
        files.put(to.resolve(from.relativize(file)), files.remove(file));
      }
    }
  }

  @Override
  public void syncDirectory(Path directory) {}

  @Override
  public synchronized void delete(Path path) {
    files.keySet().removeIf(file -> file.startsWith(path));
    directories.removeIf(directory -> directory.startsWith(path));
  }

  @Override
  public synchronized boolean exists(Path path) {
    return files.containsKey(path) || directories.contains(path);
  }

  @Override
  public synchronized boolean isDirectory(Path path) {
    return directories.contains(path);
  }

  @Override
  public synchronized List<Path> list(Path directory) {
    Set<Path> found = new TreeSet<>();
    files.keySet().stream().filter(f -> directory.equals(f.getParent())).forEach(found::add);
    directories.stream().filter(d -> directory.equals(d.getParent())).forEach(found::add);
    return List.copyOf(found);
  }

  @Override
  public synchronized void createDirectories(Path directory) {
    for (Path each = directory; each != null; each = each.getParent()) {
      directories.add(each);
    }
  }

  @Override
  public synchronized long lastModifiedMs(Path file) {
    return files.get(file).modifiedMs;
  }

  @Override
  public synchronized void setLastModifiedMs(Path file, long ms) {
    files.get(file).modifiedMs = ms;
  }

  @Override
  public AutoCloseable lock(Path directory) {
    return () -> {};
  }

  private final class Opened implements StoredFile {
    private final Content content;

    Opened(Content content) {
      this.content = content;
    }

    @Override
    public long size() {
      synchronized (MemoryFiles.this) {
        return content.size;
      }
    }

    @Override
    public void write(ByteBuffer source, long position) {
      synchronized (MemoryFiles.this) {
        int length = source.remaining();
        grow((int) position + length);
        source.get(content.bytes, (int) position, length);
        content.size = Math.max(content.size, (int) position + length);
      }
    }

    @Override
    public int read(ByteBuffer target, long position) {
      synchronized (MemoryFiles.this) {
        int length = (int) Math.min(target.remaining(), content.size - position);
        if (length <= 0) {
          return 0;
        }
        target.put(content.bytes, (int) position, length);
        return length;
      }
    }

    @Override
    public void resize(long size) {
      synchronized (MemoryFiles.this) {
        grow((int) size);
        if (size > content.size) {
          Arrays.fill(content.bytes, content.size, (int) size, (byte) 0);
        }
        content.size = (int) size;
      }
    }

    private void grow(int needed) {
      if (needed > content.bytes.length) {
        content.bytes = Arrays.copyOf(content.bytes, Math.max(needed, 2 * content.bytes.length));
      }
    }

    @Override
    public void sync() {}

    @Override
    public FileChannel channel() {
      throw new UnsupportedOperationException("there is no channel to memory");
    }

    @Override
    public void close() {}
  }
}

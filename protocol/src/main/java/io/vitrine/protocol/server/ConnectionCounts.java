package io.vitrine.protocol.server;

import java.net.InetAddress;
import java.util.HashMap;
import java.util.Map;

/** The limits of one listener that stands alone: so many in all, so many from an address. */
final class ConnectionCounts implements ConnectionAdmission {
  private final int max;
  private final int maxByIp;
  private final Map<InetAddress, Integer> openByIp = new HashMap<>();
  private Runnable room = () -> {};
  private int open;

  ConnectionCounts(int max, int maxByIp) {
    this.max = max;
    this.maxByIp = maxByIp;
  }

  @Override
  public int arrived(String listenerName) {
    return 0;
  }

  @Override
  public synchronized boolean hasRoom(String listenerName) {
    return open < max;
  }

  @Override
  public synchronized Verdict enter(String listenerName, InetAddress ip) {
    if (openByIp.getOrDefault(ip, 0) >= maxByIp) {
      return Verdict.closeAfter(0);
    }
    open++;
    openByIp.merge(ip, 1, Integer::sum);
    return Verdict.TAKEN;
  }

  @Override
  public void left(String listenerName, InetAddress ip) {
    Runnable told;
    synchronized (this) {
      open--;
      openByIp.computeIfPresent(ip, (key, count) -> count == 1 ? null : count - 1);
      told = room;
    }
    told.run();
  }

  @Override
  public boolean hasTooMany(String listenerName) {
    return false;
  }

  @Override
  public synchronized void onRoom(String listenerName, Runnable told) {
    room = told;
  }

  @Override
  public synchronized void ended(String listenerName) {
    room = () -> {};
  }
}

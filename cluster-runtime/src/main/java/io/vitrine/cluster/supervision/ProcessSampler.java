package io.vitrine.cluster.supervision;

import com.sun.management.OperatingSystemMXBean;
import io.vitrine.cluster.event.ClusterEvent.ProcessSampled;
import java.lang.management.BufferPoolMXBean;
import java.lang.management.GarbageCollectorMXBean;
import java.lang.management.ManagementFactory;
import java.lang.management.MemoryUsage;
import java.util.List;

/**
 * Measures this process by the beans of the virtual machine; some ten microseconds a time.
 * Stateless.
 */
final class ProcessSampler {
  private static final String DIRECT = "direct";

  private final OperatingSystemMXBean system =
      ManagementFactory.getPlatformMXBean(OperatingSystemMXBean.class);
  private final List<GarbageCollectorMXBean> collectors =
      ManagementFactory.getGarbageCollectorMXBeans();
  private final List<BufferPoolMXBean> buffers =
      ManagementFactory.getPlatformMXBeans(BufferPoolMXBean.class);

  ProcessSampled sample() {
    MemoryUsage heap = ManagementFactory.getMemoryMXBean().getHeapMemoryUsage();
    return new ProcessSampled(
        heap.getUsed(),
        heap.getCommitted(),
        heap.getMax(),
        buffers.stream()
            .filter(pool -> pool.getName().equals(DIRECT))
            .mapToLong(BufferPoolMXBean::getMemoryUsed)
            .sum(),
        // A collector that does not count tells -1.
        collectors.stream().mapToLong(each -> Math.max(0, each.getCollectionCount())).sum(),
        collectors.stream().mapToLong(each -> Math.max(0, each.getCollectionTime())).sum(),
        Math.max(0, system.getProcessCpuTime()),
        system.getAvailableProcessors(),
        ManagementFactory.getThreadMXBean().getThreadCount());
  }
}

package io.vitrine.cluster.metric;

import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import javax.management.Attribute;
import javax.management.AttributeList;
import javax.management.AttributeNotFoundException;
import javax.management.DynamicMBean;
import javax.management.MBeanAttributeInfo;
import javax.management.MBeanInfo;

/** An MBean of attributes that are read when asked for. Safe from any thread. */
final class Attributes implements DynamicMBean {
  private final Map<String, Supplier<?>> values;

  /**
   * @param values by attribute; may grow and shrink meanwhile, if it is a concurrent map
   */
  Attributes(Map<String, Supplier<?>> values) {
    this.values = values;
  }

  @Override
  public Object getAttribute(String attribute) throws AttributeNotFoundException {
    Supplier<?> value = values.get(attribute);
    if (value == null) {
      throw new AttributeNotFoundException(attribute);
    }
    return value.get();
  }

  @Override
  public AttributeList getAttributes(String[] attributes) {
    AttributeList list = new AttributeList();
    for (String attribute : attributes) {
      Supplier<?> value = values.get(attribute);
      if (value != null) {
        list.add(new Attribute(attribute, value.get()));
      }
    }
    return list;
  }

  @Override
  public void setAttribute(Attribute attribute) {
    throw new UnsupportedOperationException("metrics are read");
  }

  @Override
  public AttributeList setAttributes(AttributeList attributes) {
    throw new UnsupportedOperationException("metrics are read");
  }

  @Override
  public Object invoke(String action, Object[] arguments, String[] signature) {
    throw new UnsupportedOperationException("metrics are read");
  }

  @Override
  public MBeanInfo getMBeanInfo() {
    List<MBeanAttributeInfo> infos =
        values.keySet().stream()
            .sorted()
            .map(
                name ->
                    new MBeanAttributeInfo(name, Object.class.getName(), name, true, false, false))
            .toList();
    return new MBeanInfo(
        getClass().getName(),
        "A metric",
        infos.toArray(MBeanAttributeInfo[]::new),
        null,
        null,
        null);
  }
}

package io.kenbun.lite.contract;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.tngtech.archunit.core.domain.JavaMethod;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/** Of every statement about the API it is said where it is from. */
class SourceMarksTest {
  private static final Set<String> MARKS = Set.of("PRIMARY", "N", "O", "INFERRED", "ours");

  @Test
  void eachCaseSaysWhereItIsFrom() {
    List<JavaMethod> cases =
        new ClassFileImporter()
            .importPackagesOf(Page.class).stream()
                .filter(type -> type.isAssignableTo(Page.class))
                .flatMap(type -> type.getMethods().stream())
                .filter(method -> method.isAnnotatedWith(Test.class))
                .toList();
    assertTrue(cases.size() > 80, cases.size() + " cases");
    assertEquals(
        List.of(),
        cases.stream()
            .filter(
                one ->
                    !one.isAnnotatedWith(Tag.class)
                        || !MARKS.contains(one.getAnnotationOfType(Tag.class).value()))
            .map(JavaMethod::getFullName)
            .toList());
  }
}

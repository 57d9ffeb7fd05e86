using Apache.Arrow;
using Apache.Arrow.Types;

namespace Dlt.Batches;

/// <summary>Refuses fields of the same name at the same level, because an item has each key only once.</summary>
internal static class EqualNames
{
    /// <summary>Checks the names of fields and of the fields nested in them.</summary>
    /// <param name="fields">Fields to check.</param>
    /// <param name="what">Origin of the fields, as the beginning of a sentence.</param>
    /// <exception cref="DltException">Two fields of the same level have the same name.</exception>
    public static void Check(IReadOnlyList<Field> fields, string what) => Check(fields, what, "");

    /// <summary>Checks names without nested fields.</summary>
    public static void Check(IEnumerable<string> names, string what) => Check(names, what, "");

    private static void Check(IReadOnlyList<Field> fields, string what, string path)
    {
        Check(fields.Select(f => f.Name), what, path);
        foreach (var field in fields)
        {
            if (field.DataType is NestedType nested and not MapType) Check(nested.Fields, what, $"{path}{field.Name}.");
        }
    }

    private static void Check(IEnumerable<string> names, string what, string path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (seen.Add(name)) continue;
            throw new DltException(
                $"{what} has two columns named '{path}{name}', but a row can have only one. "
                + "Nothing of this run was loaded, and the state is as before. Rename one of them (in SQL: AS), then run again.");
        }
    }
}

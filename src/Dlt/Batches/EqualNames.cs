using Apache.Arrow;
using Apache.Arrow.Types;

namespace Dlt.Batches;

/// <summary>Refuses two fields of one name at one place: an item has a key once.</summary>
internal static class EqualNames
{
    /// <param name="fields">The columns.</param>
    /// <param name="what">Where they come from, at the beginning of a sentence.</param>
    /// <exception cref="DltException">Two have the same name.</exception>
    public static void Check(IReadOnlyList<Field> fields, string what) => Check(fields, what, "");

    /// <summary>The same for names alone.</summary>
    public static void Check(IEnumerable<string> names, string what) => Check(names, what, "");

    private static void Check(IReadOnlyList<Field> fields, string what, string path)
    {
        Check(fields.Select(f => f.Name), what, path);
        foreach (var field in fields)
            if (field.DataType is NestedType nested && nested is not MapType) Check(nested.Fields, what, $"{path}{field.Name}.");
    }

    private static void Check(IEnumerable<string> names, string what, string path)
    {
        var seen = new HashSet<string>(StringComparer.Ordinal);
        foreach (var name in names)
        {
            if (seen.Add(name)) continue;
            throw new DltException($"{what} has two columns named '{path}{name}', of which a row can keep one only. Nothing of this "
                + "run was loaded, and the state is as before. Give each a name of its own (in SQL: AS), then run again.");
        }
    }
}

namespace Dlt.Iceberg;

/// <summary>Finds a field in rows, at the top or within structs.</summary>
internal static class FieldPath
{
    /// <summary>
    /// How the field is found in a row of some columns; a column that it needs and that is not among them is added, with nothing in it
    /// required.
    /// </summary>
    /// <param name="columns">The columns of the rows.</param>
    /// <param name="path">The field, and the structs around it from the outermost one.</param>
    /// <param name="freeName">A name for a further column.</param>
    /// <returns>The value in a row; null where the field, or a struct around it, has none.</returns>
    public static Func<object?[], object?> Accessor(List<NestedField> columns, List<NestedField> path,
        Func<List<NestedField>, string, string> freeName)
    {
        var at = columns.FindIndex(c => c.Id == path[0].Id);
        if (at < 0 || Steps(columns[at], path) is not { } steps)
        {
            if (at >= 0) columns[at] = columns[at] with { Type = Joined(columns[at].Type, path, 1) };
            else columns.Add(Optional(path, 0) with { Name = freeName(columns, path[0].Name) });
            at = at < 0 ? columns.Count - 1 : at;
            steps = Steps(columns[at], path)!;
        }

        return row =>
        {
            var value = row[at];
            foreach (var step in steps) value = (value as object?[])?[step];
            return value;
        };
    }

    /// <summary>A row, or struct, without the columns and fields that were added behind its own.</summary>
    public static object?[] Trimmed(StructType type, object?[] values)
    {
        var own = values[..type.Fields.Length];
        for (var i = 0; i < own.Length; i++)
            if (type.Fields[i].Type is StructType inner && own[i] is object?[] members) own[i] = Trimmed(inner, members);
        return own;
    }

    /// <summary>Places of the fields of the path in their structs; null when one of them is not there.</summary>
    private static List<int>? Steps(NestedField column, List<NestedField> path)
    {
        var steps = new List<int>();
        var type = column.Type;
        foreach (var field in path.Skip(1))
        {
            if (type is not StructType structure) return null;
            var at = structure.Fields.Select(f => f.Id).ToList().IndexOf(field.Id);
            if (at < 0) return null;
            steps.Add(at);
            type = structure.Fields[at].Type;
        }

        return steps;
    }

    /// <summary>The column with nothing in it but the path.</summary>
    private static NestedField Optional(List<NestedField> path, int at) => at == path.Count - 1
        ? path[at] with { IsRequired = false }
        : path[at] with { IsRequired = false, Type = new StructType([Optional(path, at + 1)]) };

    /// <summary>A struct with the rest of the path behind the fields that it has.</summary>
    private static StructType Joined(IcebergType type, List<NestedField> path, int at)
    {
        var structure = (StructType)type;
        var known = structure.Fields.FirstOrDefault(f => f.Id == path[at].Id);
        return known is null
            ? new([.. structure.Fields, Optional(path, at)])
            : new(structure.Fields.Replace(known, known with { Type = Joined(known.Type, path, at + 1) }));
    }
}

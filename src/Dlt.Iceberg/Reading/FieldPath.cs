namespace Dlt.Iceberg;

/// <summary>Finds a field in rows, at the top level or in structs.</summary>
internal static class FieldPath
{
    /// <summary>
    /// Returns a function that reads a field from a row. If the columns lack the field, the method adds it to them, with every added field
    /// optional.
    /// </summary>
    /// <param name="columns">Columns of the rows.</param>
    /// <param name="path">The field and the structs around it, outermost first.</param>
    /// <param name="freeName">Returns an unused name for an added column.</param>
    /// <returns>A function that returns the value in a row; null if the field or a struct around it is null.</returns>
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

    /// <summary>A row or struct without the added columns and fields.</summary>
    public static object?[] Trimmed(StructType type, object?[] values)
    {
        var own = values[..type.Fields.Length];
        for (var i = 0; i < own.Length; i++)
            if (type.Fields[i].Type is StructType inner && own[i] is object?[] members) own[i] = Trimmed(inner, members);
        return own;
    }

    /// <summary>Indexes of the path's fields in their structs; null if one of them is missing.</summary>
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

    /// <summary>The column with only the fields of the path.</summary>
    private static NestedField Optional(List<NestedField> path, int at) => at == path.Count - 1
        ? path[at] with { IsRequired = false }
        : path[at] with { IsRequired = false, Type = new StructType([Optional(path, at + 1)]) };

    /// <summary>A struct with the rest of the path after its own fields.</summary>
    private static StructType Joined(IcebergType type, List<NestedField> path, int at)
    {
        var structure = (StructType)type;
        var known = structure.Fields.FirstOrDefault(f => f.Id == path[at].Id);
        return known is null
            ? new([.. structure.Fields, Optional(path, at)])
            : new(structure.Fields.Replace(known, known with { Type = Joined(known.Type, path, at + 1) }));
    }
}

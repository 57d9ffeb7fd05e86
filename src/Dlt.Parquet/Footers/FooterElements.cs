using Dlt.Parquet.Thrift;

namespace Dlt.Parquet.Footers;

/// <summary>Reads the schema of a footer: the nodes of a tree in order, groups before their parts.</summary>
internal static class FooterElements
{
    private const short RepetitionField = 3;
    private const short NameField = 4;
    private const short ChildrenField = 5;
    private const int Repeated = 2;
    private const int MaxDepth = 256;

    /// <exception cref="FormatException">The tree has more or fewer nodes than its groups declare.</exception>
    public static IReadOnlyList<ParquetElement> Of(ThriftList schema)
    {
        var elements = schema.Items.ConvertAll(e => e.RequiredStruct);
        var result = new List<ParquetElement>(elements.Count);
        var at = 1;
        if (elements.Count == 0) throw new FormatException("the schema has no root");
        for (var column = 0L; column < elements[0].RequiredLong(ChildrenField); column++) Visit("", 0);
        return at == elements.Count ? result : throw new FormatException("the schema has elements outside of its groups");

        void Visit(string prefix, int depth)
        {
            if (at >= elements.Count) throw new FormatException("the schema ends within a group");
            if (depth > MaxDepth) throw new FormatException("the groups of the schema are nested too deep");
            var element = elements[at++];
            var isRepeated = element.Long(RepetitionField) == Repeated;
            var name = element.Text(NameField) ?? throw new FormatException("an element of the schema has no name");
            var path = isRepeated ? prefix : prefix.Length == 0 ? name : $"{prefix}.{name}";
            result.Add(new(element, name, isRepeated ? null : path, depth));
            for (var child = 0L; child < (element.Long(ChildrenField) ?? 0); child++) Visit(path, depth + 1);
        }
    }
}

namespace Dlt.Iceberg;

/// <summary>Namespace and name of a table in a catalog (Iceberg REST catalog specification, TableIdentifier).</summary>
public sealed record TableIdentifier
{
    /// <summary>Creates an identifier from a namespace and a name.</summary>
    /// <param name="namespace">A Glue database, a folder, or several levels separated by dots, such as <c>a.b</c>.</param>
    /// <param name="name">The name within the namespace. It may contain dots.</param>
    /// <exception cref="ArgumentException">The namespace or the name is empty.</exception>
    public TableIdentifier(string @namespace, string name)
    {
        ArgumentException.ThrowIfNullOrEmpty(@namespace);
        ArgumentException.ThrowIfNullOrEmpty(name);
        Namespace = @namespace;
        Name = name;
    }

    /// <summary>The namespace; dots separate its levels.</summary>
    public string Namespace { get; }

    /// <summary>The name within the namespace.</summary>
    public string Name { get; }

    /// <summary>Returns namespace and name, separated by a dot.</summary>
    public override string ToString() => $"{Namespace}.{Name}";
}

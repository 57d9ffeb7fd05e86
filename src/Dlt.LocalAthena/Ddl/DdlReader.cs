using System.Collections.Immutable;
using Dlt.Iceberg;
using Dlt.Lake;

namespace Dlt.Local;

/// <summary>
/// Reads the statements that a load with <c>ddl = "athena"</c> sends (docs/spec/athena-destination.md 3.3). Their names are in backquotes
/// and have all their parts. Other statements of the kind are left to <see cref="StatementGuard"/>, which refuses them, so nobody drops a
/// table of the local account by a slip.
/// </summary>
internal static class DdlReader
{
    private const string TableType = "table_type";

    /// <summary>Reads a statement; null if it is not one of a load.</summary>
    /// <exception cref="AthenaQueryException">The statement begins like one of a load and goes on otherwise.</exception>
    public static DdlStatement? TryRead(string sql)
    {
        var cursor = new DdlCursor(sql);
        if (TryRead(cursor) is not { } statement) return null;
        return cursor.IsAtEnd ? statement : throw cursor.Wrong("the end of the statement");
    }

    private static DdlStatement? TryRead(DdlCursor cursor)
    {
        if (cursor.Take("CREATE", "DATABASE"))
        {
            return cursor.TakeNames() is [var catalog, var name]
                ? new DdlStatement.CreateDatabase(catalog, name, cursor.Take("LOCATION") ? cursor.Text() : null)
                : null;
        }

        if (cursor.Take("DROP", "DATABASE"))
        {
            if (cursor.TakeNames() is not [var catalog, var name]) return null;
            cursor.Expect("CASCADE");
            return new DdlStatement.DropDatabase(catalog, name);
        }

        if (cursor.Take("CREATE", "EXTERNAL", "TABLE")) return cursor.TakeNames() is [_, _, _] names ? External(cursor, names) : null;
        if (cursor.Take("CREATE", "TABLE"))
        {
            var ifNotExists = cursor.Take("IF", "NOT", "EXISTS");
            return cursor.TakeNames() is [_, _, _] names ? Iceberg(cursor, names, ifNotExists) : null;
        }

        if (cursor.Take("ALTER", "TABLE"))
        {
            if (cursor.TakeNames() is not [var catalog, var database, var table]) return null;
            cursor.Expect("ADD", "COLUMNS");
            return new DdlStatement.AddColumns(catalog, database, table, Columns(cursor));
        }

        if (!cursor.Take("DROP", "TABLE")) return null;
        var ifExists = cursor.Take("IF", "EXISTS");
        return cursor.TakeNames() is [var at, var of, var dropped] ? new DdlStatement.DropTable(at, of, dropped, ifExists) : null;
    }

    private static DdlStatement.CreateExternal External(DdlCursor cursor, IReadOnlyList<string> names)
    {
        var columns = Columns(cursor);
        var keys = cursor.Take("PARTITIONED", "BY") ? Columns(cursor) : [];
        cursor.Expect("STORED", "AS", "PARQUET");
        cursor.Expect("LOCATION");
        return new(names[0], names[1], names[2], columns, keys, cursor.Text(), Properties(cursor));
    }

    private static DdlStatement.CreateIceberg Iceberg(DdlCursor cursor, IReadOnlyList<string> names, bool ifNotExists)
    {
        var columns = Columns(cursor);
        var partitions = cursor.Take("PARTITIONED", "BY") ? List(cursor, () => Partition(cursor)) : [];
        cursor.Expect("LOCATION");
        var location = cursor.Text();
        var properties = Properties(cursor);
        if (properties.GetValueOrDefault(TableType)?.Equals("ICEBERG", StringComparison.OrdinalIgnoreCase) != true)
            throw cursor.Wrong("TBLPROPERTIES ('table_type'='ICEBERG')");
        return new(names[0], names[1], names[2], ifNotExists, columns, partitions, location, properties);
    }

    private static ImmutableArray<GlueColumn> Columns(DdlCursor cursor) =>
        List(cursor, () => new GlueColumn(cursor.Name(), cursor.Type()));

    private static ImmutableSortedDictionary<string, string> Properties(DdlCursor cursor)
    {
        if (!cursor.Take("TBLPROPERTIES")) return ImmutableSortedDictionary<string, string>.Empty;
        var read = List(cursor, () =>
        {
            var name = cursor.Text();
            cursor.Expect('=');
            return KeyValuePair.Create(name, cursor.Text());
        });
        return ImmutableSortedDictionary.CreateRange(StringComparer.Ordinal, read);
    }

    /// <summary>Reads a column, or a call such as <c>bucket(10, `id`)</c>.</summary>
    private static DdlPartition Partition(DdlCursor cursor)
    {
        if (cursor.TakeNames() is [var column]) return new(column, Transform.Identity);
        foreach (var transform in new[] { Transform.Year, Transform.Month, Transform.Day, Transform.Hour })
        {
            if (!cursor.Take(transform.ToString())) continue;
            cursor.Expect('(');
            return Called(cursor, transform);
        }

        var isBucket = cursor.Take("bucket");
        if (!isBucket) cursor.Expect("truncate");
        cursor.Expect('(');
        var number = cursor.Number();
        cursor.Expect(',');
        return Called(cursor, isBucket ? Transform.Bucket(number) : Transform.Truncate(number));
    }

    private static DdlPartition Called(DdlCursor cursor, Transform transform)
    {
        var column = cursor.Name();
        cursor.Expect(')');
        return new(column, transform);
    }

    private static ImmutableArray<T> List<T>(DdlCursor cursor, Func<T> read)
    {
        var list = ImmutableArray.CreateBuilder<T>();
        cursor.Expect('(');
        do list.Add(read()); while (cursor.Take(','));
        cursor.Expect(')');
        return list.ToImmutable();
    }
}

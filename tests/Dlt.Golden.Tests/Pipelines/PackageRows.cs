using System.Globalization;
using Dlt.Destinations;
using Dlt.Json;
using Dlt.Packages;
using Dlt.Schemas;
using Dlt.Types;
using DuckDB.NET.Data;

namespace Dlt.Golden.Pipelines;

/// <summary>Rows and columns of a package's Parquet files, read by DuckDB.</summary>
internal static class PackageRows
{
    /// <summary>Rows by table; values in the form of the golden rows, nulls left out.</summary>
    public static Dictionary<string, List<JsonValue>> Read(IEnumerable<LoadPackage> packages, Func<LoadPackage, Schema> schemaOf)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        Execute(connection, "SET TimeZone = 'UTC'");
        var tables = new Dictionary<string, List<JsonValue>>();
        foreach (var package in packages)
        {
            var schema = schemaOf(package);
            foreach (var file in package.Jobs(PackageFolders.NewJobs))
            {
                var table = JobTables.Resolve(JobFileName.Parse(Path.GetFileName(file)), schema);
                if (!tables.TryGetValue(table, out var rows)) tables[table] = rows = [];
                rows.AddRange(Read(connection, file, schema.Table(table)));
            }
        }

        return tables;
    }

    /// <summary>Name, Arrow type and nullability of the columns of a table, and its rows.</summary>
    public static (List<(string Name, string Type, bool Nullable)> Columns, long Rows) Facts(IEnumerable<string> files)
    {
        using var connection = new DuckDBConnection("DataSource=:memory:");
        connection.Open();
        var columns = new List<(string, string, bool)>();
        long rows = 0;
        foreach (var file in files)
        {
            var path = "'" + file.Replace("'", "''", StringComparison.Ordinal) + "'";
            using var command = connection.CreateCommand();
            command.CommandText =
                "SELECT name, type, type_length, repetition_type, converted_type, scale, precision, logical_type FROM "
                    + $"parquet_schema({path}) OFFSET 1";
            using (var reader = command.ExecuteReader())
            {
                while (reader.Read())
                {
                    var fact = (reader.GetString(0), ArrowType(reader), reader.GetString(3) == "OPTIONAL");
                    if (!columns.Contains(fact)) columns.Add(fact);
                }
            }

            command.CommandText = $"SELECT num_rows FROM parquet_file_metadata({path})";
            rows += (long)command.ExecuteScalar()!;
        }

        return (columns, rows);
    }

    private static string ArrowType(DuckDBDataReader row)
    {
        var physical = row.GetString(1);
        var logical = row.IsDBNull(7) ? "" : row.GetString(7);
        var converted = row.IsDBNull(4) ? "" : row.GetString(4);
        if (logical.StartsWith("DecimalType", StringComparison.Ordinal)) return $"decimal128({row.GetValue(6)}, {row.GetValue(5)})";
        if (logical.StartsWith("TimestampType", StringComparison.Ordinal))
        {
            var unit = logical.Contains("MilliSeconds", StringComparison.Ordinal) ? "ms" : "us";
            return $"timestamp[{unit}{(logical.Contains("isAdjustedToUTC=1", StringComparison.Ordinal) ? ", tz=UTC" : "")}]";
        }

        if (logical.StartsWith("TimeType", StringComparison.Ordinal)) return physical == "INT32" ? "time32[ms]" : "time64[us]";
        return (physical, converted) switch
        {
            ("INT32", "DATE") => "date32[day]",
            ("INT32", "INT_8") => "int8",
            ("INT32", "INT_16") => "int16",
            ("INT32", _) => "int32",
            ("INT64", _) => "int64",
            ("DOUBLE", _) => "double",
            ("BOOLEAN", _) => "bool",
            ("FIXED_LEN_BYTE_ARRAY", _) => $"fixed_size_binary[{row.GetValue(2)}]",
            ("BYTE_ARRAY", "UTF8") => "string",
            ("BYTE_ARRAY", _) => "binary",
            _ => physical,
        };
    }

    private static IEnumerable<JsonValue> Read(DuckDBConnection connection, string file, TableSchema table)
    {
        using var command = connection.CreateCommand();
        command.CommandText = $"SELECT * FROM read_parquet('{file.Replace("'", "''", StringComparison.Ordinal)}')";
        using var reader = command.ExecuteReader();
        while (reader.Read())
        {
            var fields = new List<KeyValuePair<string, JsonValue>>();
            for (var i = 0; i < reader.FieldCount; i++)
            {
                if (reader.IsDBNull(i)) continue;
                table.TryGetColumn(reader.GetName(i), out var column);
                fields.Add(new(reader.GetName(i), Value(reader.GetValue(i), column!)));
            }

            yield return JsonValue.Object(fields);
        }
    }

    private static JsonValue Value(object value, ColumnSchema column) => value switch
    {
        bool flag => JsonValue.Bool(flag),
        sbyte or short or int or long => JsonValue.Integer(Convert.ToInt64(value, CultureInfo.InvariantCulture)),
        double number when double.IsFinite(number) => JsonValue.Real(number),
        double number => JsonValue.Object(("$float", JsonValue.String(double.IsNaN(number) ? "nan" : number > 0 ? "inf" : "-inf"))),
        DateOnly date => JsonValue.String(date.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        DateTime time when column.DataType == DataType.Date => JsonValue.String(time.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture)),
        DateTime time => JsonValue.String(time.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture)),
        TimeOnly time => JsonValue.String(time.ToString("HH:mm:ss.ffffff", CultureInfo.InvariantCulture)),
        decimal number => JsonValue
            .Object(("$decimal",
                JsonValue.String(number.ToString("F" + FileColumnTypes.Of(column, AthenaCapabilities.Default).Scale,
                    CultureInfo.InvariantCulture)))),
        System.Numerics.BigInteger big => JsonValue.Object(("$decimal", JsonValue.String(big.ToString(CultureInfo.InvariantCulture)))),
        Stream stream => Bytes(stream),
        string text => JsonValue.String(text),
        _ => throw new InvalidDataException($"A value of type {value.GetType()} in column {column.Name}."),
    };

    private static JsonValue Bytes(Stream stream)
    {
        using var content = new MemoryStream();
        stream.CopyTo(content);
        return JsonValue.Object(("$bytes", JsonValue.String(Convert.ToBase64String(content.ToArray()))));
    }

    private static void Execute(DuckDBConnection connection, string sql)
    {
        using var command = connection.CreateCommand();
        command.CommandText = sql;
        command.ExecuteNonQuery();
    }
}

namespace Dlt.Sql;

/// <summary>Parses types in Hive's form and in Trino's form.</summary>
public static class AthenaTypeParser
{
    /// <summary>Maximum nesting depth of types; deeper types could exhaust the stack, here or in the engine.</summary>
    public const int MaxDepth = 64;

    /// <summary>
    /// Parses a type as Glue and Athena's DDL write it: <c>array&lt;struct&lt;sku:string,price:decimal(10,2)&gt;&gt;</c>, in any case and
    /// with spaces between its parts. <c>decimal</c> is <c>decimal(10,0)</c>; <c>timestamp</c> has milliseconds.
    /// </summary>
    /// <param name="text">Name of the type. Names of struct fields keep their case and may be in backquotes.</param>
    /// <exception cref="AthenaTypeFormatException">The text is not a Hive type, or is nested deeper than
    /// <see cref="MaxDepth"/>.</exception>
    public static AthenaType ParseHive(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new HiveTypeReader(text).Read();
    }

    /// <summary>
    /// Parses a type as queries write it: <c>array(row(sku varchar, price decimal(10,2)))</c>, in any case. <c>decimal</c> is
    /// <c>decimal(38,0)</c>; <c>time</c> and <c>timestamp</c> without a precision have 3 fraction digits.
    /// </summary>
    /// <param name="text">Name of the type. Field names without quotes are converted to lower case.</param>
    /// <exception cref="AthenaTypeFormatException">The text is not a Trino type, or is nested deeper than
    /// <see cref="MaxDepth"/>.</exception>
    public static AthenaType ParseTrino(string text)
    {
        ArgumentNullException.ThrowIfNull(text);
        return new TrinoTypeReader(text).Read();
    }
}

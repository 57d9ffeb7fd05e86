namespace Dlt.Destinations;

/// <summary>
/// What publishing a chain does with the existing rows of its tables: <see cref="AppendMode"/>, <see cref="ReplaceMode"/> or
/// <see cref="TruncateMode"/>. A mode has no state: its options are hints of the chain's root table.
/// </summary>
/// <remarks>Only dlt defines modes. A destination that meets a mode that it does not know refuses the load.</remarks>
public abstract record WriteMode
{
    private protected WriteMode()
    {
    }

    /// <summary>Adds the rows of the load to the existing ones.</summary>
    public static WriteMode Append { get; } = new AppendMode();

    /// <summary>Replaces all existing rows with those of the load.</summary>
    public static WriteMode Replace { get; } = new ReplaceMode();

    /// <summary>Removes all rows.</summary>
    public static WriteMode Truncate { get; } = new TruncateMode();

    /// <summary>
    /// Name in measurements, spans and stored records, such as <c>append</c>: lower-case ASCII letters and hyphens. It never changes.
    /// </summary>
    public abstract string Name { get; }

    /// <summary>
    /// True when publishing may remove rows of earlier loads. Tables of the chain that got no rows are then published too.
    /// </summary>
    public abstract bool RemovesRows { get; }

    /// <summary>
    /// True when only the rows of this load stay. Of loads at the same time that write a table with such a mode, the rows of the one with
    /// the highest load id stay; rows that loads with other modes add at the same time stay as well.
    /// </summary>
    public abstract bool ReplacesAllRows { get; }
}

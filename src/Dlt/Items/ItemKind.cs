namespace Dlt.Items;

/// <summary>The kinds of <see cref="Item"/>. Each step of an extraction handles all of them.</summary>
internal enum ItemKind
{
    /// <summary>An object, a dictionary, a scalar, a <see cref="JsonValue"/> or null: one row.</summary>
    Value,

    /// <summary>A <see cref="Dlt.RawJson"/>: JSON text of one row, or of a list of rows.</summary>
    RawJson,

    /// <summary>An <see cref="Items.ItemBatch"/>: rows as columns, each row an item.</summary>
    Batch,

    /// <summary>An <see cref="Apache.Arrow.RecordBatch"/>: a part of an Arrow table, loaded column by column.</summary>
    ArrowTable,

    /// <summary>A <see cref="Dlt.EmptyTable"/>: no row, but the destination gets the table.</summary>
    EmptyTable,

    /// <summary>A page without items: no row, but the schema gets the table.</summary>
    NoItems,

    /// <summary>An <see cref="Items.UnchangedTable"/>: no row, and a replaced table is not emptied.</summary>
    Unchanged,

    /// <summary>A <see cref="RejectedRecord"/>, for the table of rejects.</summary>
    Rejected,

    /// <summary>A <see cref="Items.HintsChange"/>: hints for the items that follow.</summary>
    Hints,
}

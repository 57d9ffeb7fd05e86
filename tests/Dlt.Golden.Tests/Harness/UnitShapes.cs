using System.Collections.Immutable;
using Dlt.Golden.Units;
using Dlt.Json;

namespace Dlt.Golden.Harness;

/// <summary>
/// The words of dlt/units that the drivers know: members of a case by file and kind, after <c>|</c> those of its expectation. <c>*</c>:
/// names are data. An indented line goes on with the line above it.
/// </summary>
internal static class UnitShapes
{
    private const string Known =
        """
        naming identifier: input | *
        naming fragments: input | *
        naming break_path: input | *
        naming shorten: input max_length convention | identifier path tables_path error message
        naming tag: input | *
        naming conventions: | *
        naming s3_tables_max_length: input | error message
        hashes digest: input | *
        hashes json: input | plain plain_sorted pretty typed_sorted typed typed_decoded error message
        hashes double: input | json text_coercion
        hashes typed_decode: input | *
        hashes row_hash: input | bytes hash
        hashes key_hash: input | hash error message
        hashes nested_row_hash: input | *
        hashes incremental_unique_value: input | hash legacy_hash legacy_hashes error message
        hashes random_shape: | row_id uniq_id_default file_id uniq_id_base64_16 many
        schemas stored: input note
            | hashed_json_bytes hashed_json_head hashed_tail version_hash version stored_json compressed error message
        schemas error: input | error message
        schemas bump_history: input | *
        schemas bump: input schema | version version_hash old_hash previous_hashes
        schemas export: input | remove_defaults remove_processing_hints pretty_json pretty_yaml yaml_no_hints
        schemas migrate: input | migrated loaded version version_hash previous_hashes error message
        schemas load: input | error message
        schemas schema_name: input | new normalized
        schemas pattern: input | normalized canonical compiled
        schemas merge_tables: input | tables column_order normalizers error message
        schemas verify_capabilities: input | *
        schemas capabilities: | *
        schemas system_tables: | _dlt_version _dlt_loads _dlt_pipeline_state _dlt_pipeline_state_with_id
        types parse_json: input | type value dumps error message accepted
        types parse_json_bytes: input | error message
        types detect: input | default both reverse parsed
        types detect_value: now input | *
        types coerce: from input | *
        types coerce_pairs: | *
        types native_types: | *
        types native_type: input | error message
        types coerce_rows: columns settings detections rows now | generic athena both
        normalizer : capabilities table load_id settings items_json | tree rows tables null_only normalizer_config error message
        contracts : level contract first_contract first second resource source_contract resource_contract run_contract
            | steps tables settings tables_error error message
        incremental : params resource_primary_key arrow runs value_type | *
        incremental detect_datetime_format: input | *
        layout path: layout file schema_name load_id load_package_timestamp current_datetime extra_placeholders | error message
        layout clock: load_package_timestamp current_datetime | *
        layout table_prefix: layout | filesystem athena
        layout job_file_name: input
            | table_name file_id retry_count file_format is_compressed job_id file_name with_retry reference exception
            full_extension error message
        layout file_format: input | *
        layout build_job_file_name: input | error message
        layout file_name_component: input | ok error message
        layout constants: | *
        layout table_location: bucket_url layout dataset table declared config staging_dataset alter | sql location error message
        state state: input input_json | hashed_json version_hash version previous_hash stored_json stored state_file
        state bump: input | *
        state migrate: input | *
        state decode: input | *
        state deflate: input | *
        state package_state: input_json | version version_hash file
        state default_state: | *
        state default_package_state: | *
        state state_row: input | *
        pipelines pipeline: input pipeline_name | *
        config coerce_from_text: type provider values | *
        config : spec sections pipeline_name secrets_toml config_toml global_secrets_toml global_config_toml env aws_config
            aws_credentials explicit files source_arguments call arguments given access
            | resolved connector_params lookups error message fields profile available_profiles settings_files local_dir
            default_credentials session
        """;

    private static readonly Dictionary<(string File, string Kind), Shape> Shapes =
        Known.Replace("\n    ", " ", StringComparison.Ordinal).Split('\n').Select(Read).ToDictionary();

    /// <summary>The first word of the case that no driver knows; null when all are known.</summary>
    public static string? Unknown(GoldenCase golden)
    {
        if (golden.Unit == UnitFile.NotPortable) return null;
        if (!Shapes.TryGetValue((golden.Unit, golden.Kind), out var shape)) return $"the kind '{golden.Kind}' of {golden.Unit}.json";
        if (
            golden.Input.Members.Names.FirstOrDefault(
                n =>
                    n is not ("id" or "kind" or "expected")
                        && !shape.Members.Contains(n)) is { } member) return $"the member '{member}' of {golden.Unit}.json";
        if (
            golden.Expected.Kind == JsonKind.Object && !shape.Expected.Contains("*")
                && golden.Expected.Members.Names.FirstOrDefault(n => !shape.Expected.Contains(n)) is { } expected)
            return $"the member 'expected.{expected}' of {golden.Unit}.json";
        return golden.Unit == "config" && golden.Kind == "" && !ConfigurationTests.Knows(golden["spec"]) ? $"the spec '{golden["spec"]}'"
            : UnknownType(golden.Input);
    }

    private static string? UnknownType(JsonValue json) => json.Kind switch
    {
        JsonKind.Object when GoldenValue.IsTyped(json) =>
            json["$type"]!.Kind == JsonKind.String && GoldenValue.Types.Contains(json["$type"]!.AsString()) ? null
                : $"the type '{json["$type"]}'",
        JsonKind.Object => json.Members.Select(m => UnknownType(m.Value)).FirstOrDefault(u => u is not null),
        JsonKind.Array => json.Items.Select(UnknownType).FirstOrDefault(u => u is not null),
        _ => null,
    };

    private static KeyValuePair<(string, string), Shape> Read(string line)
    {
        var colon = line.IndexOf(':', StringComparison.Ordinal);
        var name = line[..colon].Split(' ', 2);
        var halves = line[(colon + 1)..].Split('|');
        return new((name[0], name[1]), new([.. Words(halves[0])], [.. Words(halves[1])]));
    }

    private static string[] Words(string text) => text.Split(' ', StringSplitOptions.RemoveEmptyEntries);

    private sealed record Shape(ImmutableHashSet<string> Members, ImmutableHashSet<string> Expected);
}

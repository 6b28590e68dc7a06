-- Why a register did not take a file, in the words of whoever said so, sealed under the matter's key.
ALTER TABLE hand_over ADD COLUMN refused_sealed BLOB;
